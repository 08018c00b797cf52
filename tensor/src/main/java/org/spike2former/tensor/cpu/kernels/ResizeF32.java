package org.spike2former.tensor.cpu.kernels;

import org.spike2former.tensor.layer.Window;

/**
 * A resize of a map.
 *
 * @param window sizes of input and output
 * @param rows sampling positions along the height
 * @param columns sampling positions along the width
 */
public record ResizeF32(Window window, BilinearF32 rows, BilinearF32 columns) {
  /** A bilinear one. */
  public ResizeF32(Window window) {
    this(
        window, new BilinearF32(window.h(), window.oh()), new BilinearF32(window.w(), window.ow()));
  }

  /** A nearest one. */
  public static ResizeF32 nearest(Window window) {
    return new ResizeF32(
        window,
        BilinearF32.nearest(window.h(), window.oh()),
        BilinearF32.nearest(window.w(), window.ow()));
  }
}
