package org.spike2former.tensor.cpu.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.cpu.kernels.Exp;
import org.spike2former.tensor.cpu.kernels.ScalarKernelsF32;

/**
 * Element by element: neurons, thresholds, sums, layer scale and sigmoid. A sum or a neuron does
 * little with what it reads, so that memory is its limit, or the cache where it follows a layer on
 * its block.
 */
final class VectorElementwiseF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();
  private static final int BYTE_LANES = VectorWidth.BYTES_F32.length();

  private VectorElementwiseF32() {}

  static void spikes(float[] x, int at, byte[] out, int outAt, int length, int max) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector top = FloatVector.broadcast(SPECIES, (float) max);
    FloatVector round = FloatVector.broadcast(SPECIES, Exp.ROUND_F32);
    int i = 0;
    // One store of bytes for as many vectors of reals as fill it.
    for (; i <= length - BYTE_LANES; i += BYTE_LANES) {
      ByteVector k = ByteVector.zero(VectorWidth.BYTES_F32);
      for (int part = 0; part < BYTE_LANES / LANES; part++) {
        FloatVector potential = FloatVector.fromArray(SPECIES, x, at + i + part * LANES);
        // Comparisons, because min and max take twice as many instructions for NaN and -0.
        FloatVector positive = zero.blend(potential, potential.compare(VectorOperators.GT, zero));
        FloatVector clamped = top.blend(positive, positive.compare(VectorOperators.LT, top));
        // Of a sum at which the last place is worth 1, addition rounds half to even, as rint, and
        // the last byte is the integer.
        k = k.or(VectorBytes.lastBytes(clamped.add(round), part));
      }
      k.intoArray(out, outAt + i);
    }
    for (; i < length; i++) {
      out[outAt + i] = (byte) Math.rint(Math.max(0f, Math.min(max, x[at + i])));
    }
  }

  static void thresholds(
      float[] x, float[] thresholds, int channels, byte[] out, int outAt, int rows) {
    FloatVector round = FloatVector.broadcast(SPECIES, Exp.ROUND_F32);
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    int bound = VectorWidth.BYTES_F32.loopBound(channels);
    for (int row = 0; row < rows * channels; row += channels) {
      for (int c = 0; c < bound; c += BYTE_LANES) {
        ByteVector k = ByteVector.zero(VectorWidth.BYTES_F32);
        for (int part = 0; part < BYTE_LANES / LANES; part++) {
          int at = c + part * LANES;
          FloatVector sum = FloatVector.fromArray(SPECIES, x, row + at);
          // thresholds [D, channels]: all are compared, reached or not, without a branch. The last
          // byte of a sum at which the last place is worth 1 is the count.
          FloatVector count = round;
          for (int i = at; i < thresholds.length; i += channels) {
            var reached =
                sum.compare(VectorOperators.GE, FloatVector.fromArray(SPECIES, thresholds, i));
            count = count.add(one, reached);
          }
          k = k.or(VectorBytes.lastBytes(count, part));
        }
        k.intoArray(out, outAt + row + c);
      }
      ScalarKernelsF32.thresholds(x, row, thresholds, bound, channels, out, outAt + row);
    }
  }

  static void batchNorm(float[] x, float[] factor, float[] shift, float[] out, int from, int to) {
    int channels = factor.length;
    int bound = SPECIES.loopBound(channels);
    for (int r = from; r < to; r++) {
      int row = r * channels;
      for (int c = 0; c < bound; c += LANES) {
        FloatVector.fromArray(SPECIES, x, row + c)
            .fma(
                FloatVector.fromArray(SPECIES, factor, c), FloatVector.fromArray(SPECIES, shift, c))
            .intoArray(out, row + c);
      }
      for (int c = bound; c < channels; c++) {
        out[row + c] = Math.fma(x[row + c], factor[c], shift[c]);
      }
    }
  }

  static void addTable(float[] x, float[] table, float[] out, int from, int to) {
    for (int r = from; r < to; r++) {
      add(x, r * table.length, table, 0, out, table.length);
    }
  }

  /** {@code out[at + i] = a[at + i] + b[bAt + i]}. */
  static void add(float[] a, int at, float[] b, int bAt, float[] out, int length) {
    int bound = SPECIES.loopBound(length);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector.fromArray(SPECIES, a, at + i)
          .add(FloatVector.fromArray(SPECIES, b, bAt + i))
          .intoArray(out, at + i);
    }
    for (int i = bound; i < length; i++) {
      out[at + i] = a[at + i] + b[bAt + i];
    }
  }

  static void addScaled(float[] x, float[] gamma, float[] y, float[] out, int from, int to) {
    if (gamma.length == 1) {
      addScaled(x, gamma[0], y, out, from, to);
      return;
    }
    int bound = SPECIES.loopBound(gamma.length);
    for (int r = from; r < to; r++) {
      int row = r * gamma.length;
      for (int c = 0; c < bound; c += LANES) {
        FloatVector.fromArray(SPECIES, gamma, c)
            .fma(
                FloatVector.fromArray(SPECIES, y, row + c),
                FloatVector.fromArray(SPECIES, x, row + c))
            .intoArray(out, row + c);
      }
      for (int c = bound; c < gamma.length; c++) {
        out[row + c] = Math.fma(gamma[c], y[row + c], x[row + c]);
      }
    }
  }

  private static void addScaled(float[] x, float gamma, float[] y, float[] out, int from, int to) {
    FloatVector factor = FloatVector.broadcast(SPECIES, gamma);
    int i = from;
    for (; i <= to - LANES; i += LANES) {
      factor
          .fma(FloatVector.fromArray(SPECIES, y, i), FloatVector.fromArray(SPECIES, x, i))
          .intoArray(out, i);
    }
    for (; i < to; i++) {
      out[i] = Math.fma(gamma, y[i], x[i]);
    }
  }

  static void sigmoid(float[] x, float[] out, int from, int to) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    int i = from;
    for (; i <= to - LANES; i += LANES) {
      FloatVector exp = VectorExp.exp(FloatVector.fromArray(SPECIES, x, i).neg());
      one.div(exp.add(one)).intoArray(out, i);
    }
    for (; i < to; i++) {
      out[i] = 1 / (1 + Exp.exp(-x[i]));
    }
  }

  static void argmax(float[] x, int at, int classes, byte[] out, int outAt, int pixels) {
    for (int p = 0; p < pixels; p++) {
      out[outAt + p] = (byte) argmax(x, at + p * classes, classes);
    }
  }

  /** The greatest element by lanes, and then the first that equals it. */
  private static int argmax(float[] x, int at, int length) {
    if (length < LANES) {
      return ScalarKernelsF32.argmax(x, at, length);
    }
    // The last vector overlaps the one before it, so that no elements are left over.
    int last = at + length - LANES;
    FloatVector max = FloatVector.fromArray(SPECIES, x, last);
    // A maximum has no order, so lanes may be reduced; sums may not.
    for (int i = at; i < last; i += LANES) {
      max = max.max(FloatVector.fromArray(SPECIES, x, i));
    }
    FloatVector greatest = FloatVector.broadcast(SPECIES, max.reduceLanes(VectorOperators.MAX));
    for (int i = at; i < last; i += LANES) {
      var equal = FloatVector.fromArray(SPECIES, x, i).eq(greatest);
      if (equal.anyTrue()) {
        return i - at + equal.firstTrue();
      }
    }
    // No lane equals NaN: the scalar loop then says which index it is.
    int inLast = FloatVector.fromArray(SPECIES, x, last).eq(greatest).firstTrue();
    return inLast < LANES ? last - at + inLast : ScalarKernelsF32.argmax(x, at, length);
  }
}
