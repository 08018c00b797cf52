package org.spike2former.data.dataset;

import java.util.List;
import org.spike2former.data.image.ResizeRule;

/**
 * How whole images are segmented in an evaluation.
 *
 * @param resize the size that an image is rescaled to; null: as the model's own preprocessing says
 * @param window null: the image is taken whole; else logits of overlapping windows are averaged
 * @param ratios the size is multiplied by each of these, and results are averaged
 * @param flip whether each is done for the mirrored image too
 */
public record Inference(
    ResizeRule resize, SlidingWindow window, List<Double> ratios, boolean flip) {
  /** The image is taken whole, once, at the size of the model's preprocessing. */
  public static final Inference WHOLE = new Inference(null, null, List.of(1.0), false);

  private static final List<Double> USUAL_RATIOS = List.of(0.5, 0.75, 1.0, 1.25, 1.5, 1.75);

  /**
   * Checks the ratios.
   *
   * @throws IllegalArgumentException if there is none, or one is not positive
   */
  public Inference {
    ratios = List.copyOf(ratios);
    if (ratios.isEmpty() || ratios.stream().anyMatch(ratio -> !(ratio > 0 && ratio <= 16))) {
      throw new IllegalArgumentException("expected ratios above 0 and up to 16, found " + ratios);
    }
  }

  /**
   * A window that moves over the image.
   *
   * @param height pixels
   * @param width pixels
   * @param strideHeight pixels from one window to the next
   * @param strideWidth pixels from one window to the next
   */
  public record SlidingWindow(int height, int width, int strideHeight, int strideWidth) {
    /**
     * Checks the strides.
     *
     * @throws IllegalArgumentException if they leave gaps, or are not positive
     */
    public SlidingWindow {
      if (strideHeight < 1 || strideWidth < 1) {
        throw new IllegalArgumentException("a stride is not positive");
      }
      if (strideHeight > height || strideWidth > width) {
        throw new IllegalArgumentException("a stride is larger than the window");
      }
    }
  }

  /** Whether there is one view of the image only. */
  public boolean isSingle() {
    return ratios.size() == 1 && !flip;
  }

  /** Whether the image is taken whole and once, at the size of the rule. */
  public boolean isPlain() {
    return isSingle() && window == null && ratios.get(0) == 1;
  }

  /** The same with mmsegmentation's test-time augmentation: six sizes, each mirrored too. */
  public Inference withAugmentation() {
    return new Inference(resize, window, USUAL_RATIOS, true);
  }

  /** The same with another window; null: whole. */
  public Inference withWindow(SlidingWindow newWindow) {
    return new Inference(resize, newWindow, ratios, flip);
  }
}
