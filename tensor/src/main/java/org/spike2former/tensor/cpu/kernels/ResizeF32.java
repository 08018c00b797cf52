package org.spike2former.tensor.cpu.kernels;

import org.spike2former.tensor.layer.Window;

/**
 * A bilinear resize of a map.
 *
 * @param window sizes of input and output
 * @param rows sampling positions along the height
 * @param columns sampling positions along the width
 */
public record ResizeF32(Window window, BilinearF32 rows, BilinearF32 columns) {
  public ResizeF32(Window window) {
    this(
        window, new BilinearF32(window.h(), window.oh()), new BilinearF32(window.w(), window.ow()));
  }
}
