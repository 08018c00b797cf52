package org.spike2former.accel.tornado.kernels;

/** Where a window's taps lie. */
final class Taps {
  private Taps() {}

  /** Element under a tap of an output pixel's window, in channel 0; −1 outside the map. */
  static int at(
      int pixel,
      int row,
      int column,
      int h,
      int w,
      int channels,
      int stride,
      int pad,
      int oh,
      int ow) {
    int y = pixel / ow % oh * stride - pad + row;
    int x = pixel % ow * stride - pad + column;
    return at(pixel / (oh * ow) * h, y, x, h, w, channels);
  }

  /** The same of row y and column x of the map whose first row of all maps' is {@code map}. */
  static int at(int map, int y, int x, int h, int w, int channels) {
    int at = -1;
    // Negative if any is, in one branch.
    if ((y | x | (h - 1 - y) | (w - 1 - x)) >= 0) {
      at = ((map + y) * w + x) * channels;
    }
    return at;
  }

  /** 1 for a tap in the map, 0 for another: a factor in place of a branch in an inner loop. */
  static float inside(int at) {
    float inside = 0;
    if (at >= 0) {
      inside = 1;
    }
    return inside;
  }
}
