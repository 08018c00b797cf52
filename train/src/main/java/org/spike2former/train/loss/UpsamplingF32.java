package org.spike2former.train.loss;

import java.util.Arrays;
import org.spike2former.tensor.cpu.kernels.BilinearF32;

/**
 * Bilinear resize of single planes and its gradient, PyTorch's with {@code align_corners=False}:
 * first along the rows, then between them.
 */
final class UpsamplingF32 {
  final int h;
  final int w;
  final int height;
  final int width;
  private final BilinearF32 rows;
  private final BilinearF32 columns;

  UpsamplingF32(int h, int w, int height, int width) {
    this.h = h;
    this.w = w;
    this.height = height;
    this.width = width;
    rows = new BilinearF32(h, height);
    columns = new BilinearF32(w, width);
  }

  /**
   * Stretches the rows of a plane.
   *
   * @param planes holds the plane [h, w] from base
   * @param out [h, width]
   */
  void stretch(float[] planes, int base, float[] out) {
    for (int y = 0; y < h; y++) {
      int in = base + y * w;
      for (int x = 0; x < width; x++) {
        float weight = columns.weight()[x];
        out[y * width + x] =
            (1 - weight) * planes[in + columns.low()[x]] + weight * planes[in + columns.high()[x]];
      }
    }
  }

  /** Row y of the output, [width], from the stretched rows. */
  void row(float[] stretched, int y, float[] out) {
    float weight = rows.weight()[y];
    int low = rows.low()[y] * width;
    int high = rows.high()[y] * width;
    for (int x = 0; x < width; x++) {
      out[x] = (1 - weight) * stretched[low + x] + weight * stretched[high + x];
    }
  }

  /** Adds the gradient of row y, [width], to that of the stretched rows. */
  void rowGradient(float[] gradient, int y, float[] stretched) {
    float weight = rows.weight()[y];
    int low = rows.low()[y] * width;
    int high = rows.high()[y] * width;
    for (int x = 0; x < width; x++) {
      stretched[low + x] += (1 - weight) * gradient[x];
    }
    for (int x = 0; x < width; x++) {
      stretched[high + x] += weight * gradient[x];
    }
  }

  /** Writes the gradient of the plane, [h, w] from base, from that of the stretched rows. */
  void stretchGradient(float[] stretched, float[] planes, int base) {
    Arrays.fill(planes, base, base + h * w, 0);
    for (int y = 0; y < h; y++) {
      int out = base + y * w;
      for (int x = 0; x < width; x++) {
        float weight = columns.weight()[x];
        float gradient = stretched[y * width + x];
        planes[out + columns.low()[x]] += (1 - weight) * gradient;
        planes[out + columns.high()[x]] += weight * gradient;
      }
    }
  }
}
