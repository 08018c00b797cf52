package org.spike2former.tensor.cpu.kernels;

/**
 * Sampling positions of a resize along one axis: PyTorch's bilinear one with {@code
 * align_corners=False}, where output i samples at {@code max(0, (i + ½)·in/out − ½)}, or a nearest
 * one.
 */
public final class BilinearF32 {
  private final int[] low;
  private final int[] high;
  private final float[] weight;

  /** Positions of {@code out} outputs on {@code in} inputs. */
  public BilinearF32(int in, int out) {
    low = new int[out];
    high = new int[out];
    weight = new float[out];
    float scale = (float) in / out;
    for (int i = 0; i < out; i++) {
      float position = Math.max(0f, scale * (i + 0.5f) - 0.5f);
      low[i] = Math.min((int) position, in - 1);
      high[i] = Math.min(low[i] + 1, in - 1);
      weight[i] = position - low[i];
    }
  }

  private BilinearF32(int... nearest) {
    low = nearest;
    high = nearest;
    weight = new float[nearest.length];
  }

  /**
   * Positions at {@code floor(i·in/out)}. Both neighbours are the same input, so that it comes out
   * with its own bits, a zero's sign among them.
   */
  public static BilinearF32 nearest(int in, int out) {
    int[] nearest = new int[out];
    for (int i = 0; i < out; i++) {
      nearest[i] = (int) ((long) i * in / out);
    }
    return new BilinearF32(nearest);
  }

  /** Lower neighbour of each output position, not a copy. */
  public int[] low() {
    return low;
  }

  /** Upper neighbour of each output position, not a copy. */
  public int[] high() {
    return high;
  }

  /** Weight of the upper neighbour, not a copy. */
  public float[] weight() {
    return weight;
  }
}
