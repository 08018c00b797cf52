package org.spike2former.tensor.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * BatchNorm's statistics and backward with channels in lanes. A few rows at a time are read while a
 * channel's constants and sums stay in registers: long enough that those cost little, and short
 * enough that memory is read in order.
 */
final class VectorNormGradientF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();
  private static final int ROW_BLOCK = GradientKernelsF32.ROW_BLOCK;

  /** Rows that a channel's registers see at a time; a divisor of the block. */
  private static final int ROWS = 16;

  private VectorNormGradientF32() {}

  /** See {@link GradientKernelsF32#sumRows}. */
  static void sumRows(float[] x, int rows, int channels, float[] out, int from, int to) {
    Arrays.fill(out, from * channels, to * channels, 0f);
    int bound = SPECIES.loopBound(channels);
    for (int r = from * ROW_BLOCK; r < Math.min(rows, to * ROW_BLOCK); r += ROWS) {
      int outAt = r / ROW_BLOCK * channels;
      int at = r * channels;
      int end = Math.min(rows, r + ROWS) * channels;
      for (int c = 0; c < bound; c += LANES) {
        FloatVector sum = FloatVector.fromArray(SPECIES, out, outAt + c);
        for (int i = at + c; i < end; i += channels) {
          sum = sum.add(FloatVector.fromArray(SPECIES, x, i));
        }
        sum.intoArray(out, outAt + c);
      }
      for (int c = bound; c < channels; c++) {
        for (int i = at + c; i < end; i += channels) {
          out[outAt + c] += x[i];
        }
      }
    }
  }

  /** See {@link GradientKernelsF32#sumSquares}. */
  static void sumSquares(
      float[] x, float[] mean, int rows, int channels, float[] out, int from, int to) {
    Arrays.fill(out, from * channels, to * channels, 0f);
    int bound = SPECIES.loopBound(channels);
    for (int r = from * ROW_BLOCK; r < Math.min(rows, to * ROW_BLOCK); r += ROWS) {
      int outAt = r / ROW_BLOCK * channels;
      int at = r * channels;
      int end = Math.min(rows, r + ROWS) * channels;
      for (int c = 0; c < bound; c += LANES) {
        FloatVector centre = FloatVector.fromArray(SPECIES, mean, c);
        FloatVector sum = FloatVector.fromArray(SPECIES, out, outAt + c);
        for (int i = at + c; i < end; i += channels) {
          FloatVector difference = FloatVector.fromArray(SPECIES, x, i).sub(centre);
          sum = difference.fma(difference, sum);
        }
        sum.intoArray(out, outAt + c);
      }
      for (int c = bound; c < channels; c++) {
        for (int i = at + c; i < end; i += channels) {
          float difference = x[i] - mean[c];
          out[outAt + c] = Math.fma(difference, difference, out[outAt + c]);
        }
      }
    }
  }

  /** See {@link GradientKernelsF32#normSums}. */
  static void normSums(
      float[] dy, float[] x, NormF32 n, int rows, float[] sumDy, float[] sumDyX, int from, int to) {
    int channels = n.mean().length;
    Arrays.fill(sumDy, from * channels, to * channels, 0f);
    Arrays.fill(sumDyX, from * channels, to * channels, 0f);
    int bound = SPECIES.loopBound(channels);
    for (int r = from * ROW_BLOCK; r < Math.min(rows, to * ROW_BLOCK); r += ROWS) {
      int outAt = r / ROW_BLOCK * channels;
      int at = r * channels;
      int end = Math.min(rows, r + ROWS) * channels;
      for (int c = 0; c < bound; c += LANES) {
        normSums(dy, x, n, c, at + c, end, channels, sumDy, sumDyX, outAt + c);
      }
      for (int c = bound; c < channels; c++) {
        for (int i = at + c; i < end; i += channels) {
          float g = gradient(dy[i], x[i], n, c);
          float xhat = (x[i] - n.mean()[c]) * n.inverse()[c];
          sumDy[outAt + c] += g;
          sumDyX[outAt + c] = Math.fma(g, xhat, sumDyX[outAt + c]);
        }
      }
    }
  }

  /** The elements at, at + step… below end of the channels c and following. */
  private static void normSums(
      float[] dy,
      float[] x,
      NormF32 n,
      int c,
      int at,
      int end,
      int step,
      float[] sumDy,
      float[] sumDyX,
      int outAt) {
    FloatVector mean = FloatVector.fromArray(SPECIES, n.mean(), c);
    FloatVector inverse = FloatVector.fromArray(SPECIES, n.inverse(), c);
    FloatVector factor = FloatVector.fromArray(SPECIES, n.factor(), c);
    FloatVector shift = FloatVector.fromArray(SPECIES, n.shift(), c);
    FloatVector sum = FloatVector.fromArray(SPECIES, sumDy, outAt);
    FloatVector sumX = FloatVector.fromArray(SPECIES, sumDyX, outAt);
    boolean neuron = n.bound() >= 0;
    float max = n.bound();
    float scale = n.scale();
    for (int i = at; i < end; i += step) {
      FloatVector xs = FloatVector.fromArray(SPECIES, x, i);
      FloatVector g = FloatVector.fromArray(SPECIES, dy, i);
      if (neuron) {
        g = passed(g, xs.fma(factor, shift), scale, max);
      }
      sum = sum.add(g);
      sumX = g.fma(xs.sub(mean).mul(inverse), sumX);
    }
    sum.intoArray(sumDy, outAt);
    sumX.intoArray(sumDyX, outAt);
  }

  /** See {@link GradientKernelsF32#normInput}. */
  static void normInput(
      float[] dy,
      float[] x,
      NormF32 n,
      float[] meanDy,
      float[] meanDyX,
      float[] out,
      int from,
      int to) {
    int channels = n.mean().length;
    int bound = SPECIES.loopBound(channels);
    for (int r = from; r < to; r += ROWS) {
      int at = r * channels;
      int end = Math.min(to, r + ROWS) * channels;
      for (int c = 0; c < bound; c += LANES) {
        normInput(dy, x, n, meanDy, meanDyX, out, c, at + c, end, channels);
      }
      for (int c = bound; c < channels; c++) {
        for (int i = at + c; i < end; i += channels) {
          float g = gradient(dy[i], x[i], n, c);
          float xhat = (x[i] - n.mean()[c]) * n.inverse()[c];
          out[i] = n.factor()[c] * Math.fma(-xhat, meanDyX[c], g - meanDy[c]);
        }
      }
    }
  }

  private static void normInput(
      float[] dy,
      float[] x,
      NormF32 n,
      float[] meanDy,
      float[] meanDyX,
      float[] out,
      int c,
      int at,
      int end,
      int step) {
    FloatVector mean = FloatVector.fromArray(SPECIES, n.mean(), c);
    FloatVector inverse = FloatVector.fromArray(SPECIES, n.inverse(), c);
    FloatVector factor = FloatVector.fromArray(SPECIES, n.factor(), c);
    FloatVector shift = FloatVector.fromArray(SPECIES, n.shift(), c);
    FloatVector meanG = FloatVector.fromArray(SPECIES, meanDy, c);
    FloatVector meanGX = FloatVector.fromArray(SPECIES, meanDyX, c);
    boolean neuron = n.bound() >= 0;
    float max = n.bound();
    float scale = n.scale();
    for (int i = at; i < end; i += step) {
      FloatVector xs = FloatVector.fromArray(SPECIES, x, i);
      FloatVector g = FloatVector.fromArray(SPECIES, dy, i);
      if (neuron) {
        g = passed(g, xs.fma(factor, shift), scale, max);
      }
      xs.sub(mean).mul(inverse).neg().fma(meanGX, g.sub(meanG)).mul(factor).intoArray(out, i);
    }
  }

  /** See {@link GradientKernelsF32#spikes}. */
  static void spikes(float[] dy, float[] x, float scale, int max, float[] out, int from, int to) {
    int i = from;
    for (; i <= to - LANES; i += LANES) {
      FloatVector potential = FloatVector.fromArray(SPECIES, x, i);
      passed(FloatVector.fromArray(SPECIES, dy, i), potential, scale, max).intoArray(out, i);
    }
    for (; i < to; i++) {
      out[i] = passed(dy[i], x[i], scale, max);
    }
  }

  private static float gradient(float dy, float x, NormF32 n, int c) {
    return n.bound() < 0
        ? dy
        : passed(dy, Math.fma(x, n.factor()[c], n.shift()[c]), n.scale(), n.bound());
  }

  /** What a neuron passes back. */
  private static float passed(float dy, float potential, float scale, float max) {
    return potential >= 0 && potential <= max ? dy * scale : 0;
  }

  private static FloatVector passed(FloatVector dy, FloatVector potential, float scale, float max) {
    VectorMask<Float> inside =
        potential.compare(VectorOperators.GE, 0f).and(potential.compare(VectorOperators.LE, max));
    return FloatVector.zero(SPECIES).blend(dy.mul(scale), inside);
  }
}
