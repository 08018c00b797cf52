package org.spike2former.snn.spikedriven;

import org.spike2former.tensor.layer.Window;

/**
 * A weight layer on binary maps. Numbers are only added here: a test reads this class's bytecode
 * and refuses any multiplication, division or fused multiply-add of them.
 */
final class AdditionsF32 {
  private AdditionsF32() {}

  /**
   * The output pixels from…to. Order, for each output element: the bias, then each step's ones by
   * window position and input channel.
   *
   * @param depthwise whether channel c sees input channel c alone
   * @param weights rows of output channels: [tap·cin + input channel], or depthwise [tap]
   * @param bias [cout]
   * @param out [pixels·cout]
   * @return additions done
   */
  static long layer(
      BinaryMaps maps,
      Window g,
      boolean depthwise,
      float[][] weights,
      float[] bias,
      float[] out,
      int from,
      int to) {
    long added = 0;
    int taps = g.kh() * g.kw();
    float[] sums = new float[g.cout()];
    for (int p = from; p < to; p++) {
      System.arraycopy(bias, 0, sums, 0, sums.length);
      for (int step = 0; step < maps.steps(); step++) {
        for (int tap = 0; tap < taps; tap++) {
          int pixel = inputPixel(g, p, tap);
          if (pixel >= 0) {
            int word = maps.word(step, pixel);
            added +=
                depthwise
                    ? addChannels(maps, word, weights[tap], sums)
                    : addRows(maps, word, weights, tap * g.cin(), sums);
          }
        }
      }
      System.arraycopy(sums, 0, out, p * sums.length, sums.length);
    }
    return added;
  }

  /** The input pixel under a tap of output pixel p's window; −1 outside. */
  private static int inputPixel(Window g, int p, int tap) {
    int y = p / g.ow() % g.oh() * g.stride() - g.pad() + tap / g.kw();
    int x = p % g.ow() * g.stride() - g.pad() + tap % g.kw();
    boolean inside = y >= 0 && y < g.h() && x >= 0 && x < g.w();
    return inside ? (p / (g.oh() * g.ow()) * g.h() + y) * g.w() + x : -1;
  }

  /** For each one, its input channel's row of weights. */
  private static long addRows(
      BinaryMaps maps, int word, float[][] weights, int first, float[] sums) {
    long added = 0;
    for (int i = 0; i < maps.words(); i++) {
      for (long ones = maps.bits()[word + i]; ones != 0; ones &= ones - 1) {
        added += addRow(weights[first + (i << 6) + Long.numberOfTrailingZeros(ones)], sums);
      }
    }
    return added;
  }

  private static int addRow(float[] row, float[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += row[i];
    }
    return sums.length;
  }

  /** For each one, its own channel's weight. */
  private static long addChannels(BinaryMaps maps, int word, float[] weights, float[] sums) {
    long added = 0;
    for (int i = 0; i < maps.words(); i++) {
      for (long ones = maps.bits()[word + i]; ones != 0; ones &= ones - 1) {
        int c = (i << 6) + Long.numberOfTrailingZeros(ones);
        sums[c] += weights[c];
        added++;
      }
    }
    return added;
  }
}
