package org.spike2former.snn.spikedriven;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.layer.Window;

/**
 * A depthwise layer on binary maps with the Vector API: channels that fired add their weights, the
 * others keep their sums. Order and bits are those of {@link AdditionsF32}. Numbers are only added
 * here, as a test of the bytecode shows.
 */
final class VectorDepthwiseAdditionsF32 {
  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Backends.vectorBits()));

  private static final int LANES = SPECIES.length();

  /** A bit for each lane. */
  private static final long ALL = -1L >>> Long.SIZE - LANES;

  private final float[][] weights;
  private final float[] bias;

  /**
   * Fills up the weights to whole vectors.
   *
   * @param weights [tap], of each channel
   * @param bias of each channel
   */
  VectorDepthwiseAdditionsF32(float[][] weights, float[] bias) {
    int padded = (bias.length + LANES - 1) / LANES * LANES;
    this.weights = new float[weights.length][];
    for (int tap = 0; tap < weights.length; tap++) {
      this.weights[tap] = Arrays.copyOf(weights[tap], padded);
    }
    this.bias = Arrays.copyOf(bias, padded);
  }

  /**
   * The output pixels from…to.
   *
   * @param out [pixels·cout]
   * @return additions done
   */
  long layer(BinaryMaps maps, Window g, float[] out, int from, int to) {
    long added = 0;
    int taps = weights.length;
    int[] words = new int[maps.steps() * taps];
    float[][] rows = new float[words.length][];
    float[] sums = new float[bias.length];
    for (int p = from; p < to; p++) {
      int map = p / (g.oh() * g.ow()) * g.h();
      int top = p / g.ow() % g.oh() * g.stride() - g.pad();
      int left = p % g.ow() * g.stride() - g.pad();
      int count = 0;
      for (int tap = 0; tap < taps; tap++) {
        int y = top + tap / g.kw();
        int x = left + tap % g.kw();
        if (y >= 0 && y < g.h() && x >= 0 && x < g.w()) {
          words[count] = maps.word(0, (map + y) * g.w() + x);
          rows[count++] = weights[tap];
        }
      }
      int inside = count;
      for (int step = 1; step < maps.steps(); step++) {
        for (int i = 0; i < inside; i++) {
          words[count] = maps.word(step, 0) + words[i];
          rows[count++] = rows[i];
        }
      }
      System.arraycopy(bias, 0, sums, 0, sums.length);
      for (int c = 0; c < sums.length && count > 0; c += LANES) {
        added += add(maps.bits(), words, rows, count, c, sums);
      }
      System.arraycopy(sums, 0, out, p * g.cout(), g.cout());
    }
    return added;
  }

  /** Adds to one vector of channels, from c on; returns how many weights it added. */
  private static int add(long[] bits, int[] words, float[][] rows, int count, int c, float[] sums) {
    int added = 0;
    int i = 0;
    int word = c / Long.SIZE;
    FloatVector sum = FloatVector.fromArray(SPECIES, sums, c);
    do {
      long fired = bits[words[i] + word] >>> c & ALL;
      added += Long.bitCount(fired);
      sum =
          FloatVector.fromArray(SPECIES, rows[i], c)
              .add(sum)
              .blend(sum, VectorMask.fromLong(SPECIES, ~fired));
    } while (++i < count);
    sum.intoArray(sums, c);
    return added;
  }
}
