package org.spike2former.train;

/**
 * Bilinear resize of single planes and its gradient, PyTorch's with {@code align_corners=False}:
 * first along the rows, then between them.
 */
final class UpsamplingF32 {
  final int h;
  final int w;
  final int height;
  final int width;
  private final Axis rows;
  private final Axis columns;

  UpsamplingF32(int h, int w, int height, int width) {
    this.h = h;
    this.w = w;
    this.height = height;
    this.width = width;
    rows = new Axis(h, height);
    columns = new Axis(w, width);
  }

  /** Output i lies between inputs low and high, where high has the weight. */
  private static final class Axis {
    private final int[] low;
    private final int[] high;
    private final float[] weight;

    @SuppressWarnings("cast") // the float64 twin casts double to double
    Axis(int in, int out) {
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
  }

  /**
   * Stretches the rows of a plane.
   *
   * @param plane [h, w], its elements stride apart, the first at base
   * @param out [h, width]
   */
  void stretch(float[] plane, int base, int stride, float[] out) {
    for (int y = 0; y < h; y++) {
      int in = base + y * w * stride;
      for (int x = 0; x < width; x++) {
        float weight = columns.weight[x];
        out[y * width + x] =
            (1 - weight) * plane[in + columns.low[x] * stride]
                + weight * plane[in + columns.high[x] * stride];
      }
    }
  }

  /** Row y of the output, [width], from the stretched rows. */
  void row(float[] stretched, int y, float[] out) {
    float weight = rows.weight[y];
    int low = rows.low[y] * width;
    int high = rows.high[y] * width;
    for (int x = 0; x < width; x++) {
      out[x] = (1 - weight) * stretched[low + x] + weight * stretched[high + x];
    }
  }

  /** Adds the gradient of row y, [width], to that of the stretched rows. */
  void rowGradient(float[] gradient, int y, float[] stretched) {
    float weight = rows.weight[y];
    int low = rows.low[y] * width;
    int high = rows.high[y] * width;
    for (int x = 0; x < width; x++) {
      stretched[low + x] += (1 - weight) * gradient[x];
    }
    for (int x = 0; x < width; x++) {
      stretched[high + x] += weight * gradient[x];
    }
  }

  /** Adds the gradient of the stretched rows to that of the plane, which begins as zeros. */
  void stretchGradient(float[] stretched, float[] plane, int base, int stride) {
    for (int y = 0; y < h; y++) {
      int out = base + y * w * stride;
      for (int x = 0; x < width; x++) {
        float weight = columns.weight[x];
        float gradient = stretched[y * width + x];
        plane[out + columns.low[x] * stride] += (1 - weight) * gradient;
        plane[out + columns.high[x] * stride] += weight * gradient;
      }
    }
  }
}
