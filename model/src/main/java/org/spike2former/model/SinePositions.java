package org.spike2former.model;

import org.spike2former.tensor.Tensor;

/** The sine positional encoding of {@code model.md} section 8. */
final class SinePositions {
  private static final double TEMPERATURE = 10000;
  private static final double EPS = 1e-6;

  private SinePositions() {}

  /**
   * The encoding of an h×w map, [h·w, channels]: the y part, then the x part.
   *
   * @param channels F, even
   */
  static Tensor table(int h, int w, int channels) {
    int half = channels / 2;
    double[] out = new double[h * w * channels];
    for (int i = 0; i < h * w; i++) {
      double y = (i / w + 1) / (h + EPS) * 2 * Math.PI;
      double x = (i % w + 1) / (w + EPS) * 2 * Math.PI;
      for (int t = 0; t < half; t++) {
        double divisor = StrictMath.pow(TEMPERATURE, 2.0 * (t / 2) / half);
        out[i * channels + t] = wave(t, y / divisor);
        out[i * channels + half + t] = wave(t, x / divisor);
      }
    }
    return Tensor.of(out, h * w, channels);
  }

  private static double wave(int t, double angle) {
    return t % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle);
  }
}
