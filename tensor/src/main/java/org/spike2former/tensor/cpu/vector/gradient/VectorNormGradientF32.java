package org.spike2former.tensor.cpu.vector.gradient;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.cpu.kernels.GradientKernelsF32;
import org.spike2former.tensor.cpu.kernels.NormF32;
import org.spike2former.tensor.cpu.vector.VectorWidth;

/**
 * BatchNorm's statistics and backward with channels in lanes. A few rows at a time are read while a
 * channel's sums stay in registers: enough that those cost little, and few enough that memory is
 * read nearly in order.
 */
final class VectorNormGradientF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();
  private static final int ROW_BLOCK = GradientKernelsF32.ROW_BLOCK;

  /** Rows that a sum's register sees at a time; a divisor of the block. */
  private static final int ROWS = 16;

  /** The same of the backward's sums of wide rows, which read more arrays. */
  private static final int FEW_ROWS = 2;

  /** Channels of rows that are so short that their sums stay in registers. */
  private static final int NARROW = 32;

  private VectorNormGradientF32() {}

  /** See {@link GradientKernelsF32#sumRows}. */
  static void sumRows(float[] x, int rows, int channels, float[] out, int from, int to) {
    Arrays.fill(out, from * channels, to * channels, 0f);
    int bound = SPECIES.loopBound(channels);
    for (int r = from * ROW_BLOCK; r < Math.min(rows, to * ROW_BLOCK); r += ROWS) {
      int outAt = r / ROW_BLOCK * channels;
      int at = r * channels;
      int end = Math.min(rows, r + ROWS) * channels;
      // x [rows, channels]: 16 rows are few enough to be read nearly in order, and enough that
      // loading
      // and storing a sum costs little.
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
    boolean narrow = channels <= NARROW;
    int step = narrow ? ROWS : FEW_ROWS;
    for (int r = from * ROW_BLOCK; r < Math.min(rows, to * ROW_BLOCK); r += step) {
      int outAt = r / ROW_BLOCK * channels;
      int at = r * channels;
      int end = Math.min(rows, r + step) * channels;
      int done = narrow || r + step <= rows ? bound : 0;
      // Short rows: a channel's constants and sums stay in registers for 16 rows. Wide rows: two at
      // a time, so that x and dy are read in order.
      if (narrow) {
        for (int c = 0; c < bound; c += LANES) {
          channelSums(dy, x, n, c, at + c, end, sumDy, sumDyX, outAt + c);
        }
      } else if (done > 0) {
        rowSums(dy, x, n, bound, at, sumDy, sumDyX, outAt);
      }
      for (int c = done; c < channels; c++) {
        for (int i = at + c; i < end; i += channels) {
          float g = gradient(dy[i], x[i], n, c);
          float xhat = (x[i] - n.mean()[c]) * n.inverse()[c];
          sumDy[outAt + c] += g;
          sumDyX[outAt + c] = Math.fma(g, xhat, sumDyX[outAt + c]);
        }
      }
    }
  }

  /**
   * The elements of several rows, from {@code at} to below {@code end}, of a vector of channels.
   */
  private static void channelSums(
      float[] dy,
      float[] x,
      NormF32 n,
      int c,
      int at,
      int end,
      float[] sumDy,
      float[] sumDyX,
      int outAt) {
    FloatVector mean = FloatVector.fromArray(SPECIES, n.mean(), c);
    FloatVector inverse = FloatVector.fromArray(SPECIES, n.inverse(), c);
    FloatVector factor = FloatVector.fromArray(SPECIES, n.factor(), c);
    FloatVector shift = FloatVector.fromArray(SPECIES, n.shift(), c);
    FloatVector sum = FloatVector.fromArray(SPECIES, sumDy, outAt);
    FloatVector sumX = FloatVector.fromArray(SPECIES, sumDyX, outAt);
    int step = n.mean().length;
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

  /** {@link #FEW_ROWS} rows, the first at {@code at}, and the channels below a bound. */
  private static void rowSums(
      float[] dy,
      float[] x,
      NormF32 n,
      int bound,
      int at,
      float[] sumDy,
      float[] sumDyX,
      int outAt) {
    int step = n.mean().length;
    float[] means = n.mean();
    float[] inverses = n.inverse();
    float[] factors = n.factor();
    float[] shifts = n.shift();
    boolean neuron = n.bound() >= 0;
    float max = n.bound();
    float scale = n.scale();
    // The first row is added before the second: rows ascend.
    for (int c = 0; c < bound; c += LANES) {
      int i = at + c;
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, i);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, i + step);
      FloatVector g0 = FloatVector.fromArray(SPECIES, dy, i);
      FloatVector g1 = FloatVector.fromArray(SPECIES, dy, i + step);
      if (neuron) {
        FloatVector factor = FloatVector.fromArray(SPECIES, factors, c);
        FloatVector shift = FloatVector.fromArray(SPECIES, shifts, c);
        g0 = passed(g0, x0.fma(factor, shift), scale, max);
        g1 = passed(g1, x1.fma(factor, shift), scale, max);
      }
      FloatVector sum = FloatVector.fromArray(SPECIES, sumDy, outAt + c);
      sum.add(g0).add(g1).intoArray(sumDy, outAt + c);
      FloatVector mean = FloatVector.fromArray(SPECIES, means, c);
      FloatVector inverse = FloatVector.fromArray(SPECIES, inverses, c);
      FloatVector sumX = FloatVector.fromArray(SPECIES, sumDyX, outAt + c);
      sumX = g0.fma(x0.sub(mean).mul(inverse), sumX);
      sumX = g1.fma(x1.sub(mean).mul(inverse), sumX);
      sumX.intoArray(sumDyX, outAt + c);
    }
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
    for (int r = from; r < to; r++) {
      int row = r * channels;
      if (n.bound() < 0) {
        plainInput(dy, x, n, meanDy, meanDyX, out, row, bound);
      } else {
        neuronInput(dy, x, n, meanDy, meanDyX, out, row, bound);
      }
      for (int c = bound; c < channels; c++) {
        int i = row + c;
        float g = gradient(dy[i], x[i], n, c);
        float xhat = (x[i] - n.mean()[c]) * n.inverse()[c];
        out[i] = n.factor()[c] * Math.fma(-xhat, meanDyX[c], g - meanDy[c]);
      }
    }
  }

  private static void plainInput(
      float[] dy,
      float[] x,
      NormF32 n,
      float[] meanDy,
      float[] meanDyX,
      float[] out,
      int row,
      int bound) {
    float[] mean = n.mean();
    float[] inverse = n.inverse();
    float[] factor = n.factor();
    for (int c = 0; c < bound; c += LANES) {
      FloatVector.fromArray(SPECIES, x, row + c)
          .sub(FloatVector.fromArray(SPECIES, mean, c))
          .mul(FloatVector.fromArray(SPECIES, inverse, c))
          .neg()
          .fma(
              FloatVector.fromArray(SPECIES, meanDyX, c),
              FloatVector.fromArray(SPECIES, dy, row + c)
                  .sub(FloatVector.fromArray(SPECIES, meanDy, c)))
          .mul(FloatVector.fromArray(SPECIES, factor, c))
          .intoArray(out, row + c);
    }
  }

  private static void neuronInput(
      float[] dy,
      float[] x,
      NormF32 n,
      float[] meanDy,
      float[] meanDyX,
      float[] out,
      int row,
      int bound) {
    float[] mean = n.mean();
    float[] inverse = n.inverse();
    float[] factor = n.factor();
    float[] shift = n.shift();
    float max = n.bound();
    float scale = n.scale();
    for (int c = 0; c < bound; c += LANES) {
      FloatVector factors = FloatVector.fromArray(SPECIES, factor, c);
      FloatVector xs = FloatVector.fromArray(SPECIES, x, row + c);
      FloatVector potential = xs.fma(factors, FloatVector.fromArray(SPECIES, shift, c));
      FloatVector g = passed(FloatVector.fromArray(SPECIES, dy, row + c), potential, scale, max);
      xs.sub(FloatVector.fromArray(SPECIES, mean, c))
          .mul(FloatVector.fromArray(SPECIES, inverse, c))
          .neg()
          .fma(
              FloatVector.fromArray(SPECIES, meanDyX, c),
              g.sub(FloatVector.fromArray(SPECIES, meanDy, c)))
          .mul(factors)
          .intoArray(out, row + c);
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
