package org.spike2former.data.dataset;

/**
 * How whole images are segmented in an evaluation.
 *
 * @param slide whether overlapping windows are averaged; else the image is taken whole
 * @param cropHeight of a window
 * @param cropWidth of a window
 * @param strideHeight from one window to the next
 * @param strideWidth from one window to the next
 */
public record Inference(
    boolean slide, int cropHeight, int cropWidth, int strideHeight, int strideWidth) {
  /**
   * Checks the windows.
   *
   * @throws IllegalArgumentException if they would leave gaps
   */
  public Inference {
    if (slide && (strideHeight > cropHeight || strideWidth > cropWidth)) {
      throw new IllegalArgumentException("a stride is larger than the window");
    }
    if (slide && Math.min(strideHeight, strideWidth) < 1) {
      throw new IllegalArgumentException("a stride is not positive");
    }
  }

  /** The image is taken whole. */
  public static final Inference WHOLE = new Inference(false, 0, 0, 0, 0);
}
