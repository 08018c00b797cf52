package org.spike2former.tensor.cpu;

/**
 * A bilinear resize of a map.
 *
 * @param window sizes of input and output
 * @param rows sampling positions along the height
 * @param columns sampling positions along the width
 */
record ResizeF32(Window window, BilinearF32 rows, BilinearF32 columns) {
  ResizeF32(Window window) {
    this(
        window, new BilinearF32(window.h(), window.oh()), new BilinearF32(window.w(), window.ow()));
  }
}
