package org.spike2former.tensor.cpu.kernels;

/**
 * Sampling positions of a bilinear resize along one axis, PyTorch's with {@code
 * align_corners=False}: output i samples at {@code max(0, (i + ½)·in/out − ½)}.
 */
public final class BilinearF32 {
  private final int[] low;
  private final int[] high;
  private final float[] weight;

  /** Positions of {@code out} outputs on {@code in} inputs. */
  @SuppressWarnings("cast") // the float64 twin casts double to double
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
