package org.spike2former.model.panoptic;

import java.util.Locale;
import org.spike2former.data.image.PreparedImage;

/**
 * The sizes that masks go through: that of the network's input, that of the image in it, which is
 * its top left part, and that which the image had before it was resized.
 *
 * @param inputHeight with padding
 * @param inputWidth with padding
 * @param contentHeight without padding
 * @param contentWidth without padding
 * @param originalHeight of the result
 * @param originalWidth of the result
 */
public record MaskFrame(
    int inputHeight,
    int inputWidth,
    int contentHeight,
    int contentWidth,
    int originalHeight,
    int originalWidth) {
  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if one is below 1 or the image larger than the input
   */
  public MaskFrame {
    if (contentHeight < 1
        || contentWidth < 1
        || contentHeight > inputHeight
        || contentWidth > inputWidth
        || originalHeight < 1
        || originalWidth < 1
        || (long) originalHeight * originalWidth > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "masks for an input of %dx%d pixels with an image of %dx%d, from %dx%d",
              inputWidth,
              inputHeight,
              contentWidth,
              contentHeight,
              originalWidth,
              originalHeight));
    }
  }

  /** The sizes of an image. */
  public static MaskFrame of(PreparedImage image) {
    return new MaskFrame(
        image.height(),
        image.width(),
        image.contentHeight(),
        image.contentWidth(),
        image.originalHeight(),
        image.originalWidth());
  }

  /** Whether the result is of another size than the image in the input. */
  boolean isRescaled() {
    return contentHeight != originalHeight || contentWidth != originalWidth;
  }
}
