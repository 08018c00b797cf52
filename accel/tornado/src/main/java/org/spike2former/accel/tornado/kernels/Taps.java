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
    int at = -1;
    if (y >= 0 && y < h && x >= 0 && x < w) {
      at = ((pixel / (oh * ow) * h + y) * w + x) * channels;
    }
    return at;
  }
}
