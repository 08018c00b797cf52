package org.spike2former.model;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import org.spike2former.data.pixel.FrameImage;

/**
 * What {@link Segmenter#segmentAll} made of a file: a segmentation, or the reason why there is
 * none.
 *
 * @param file as it was given
 * @param segmentation null after a failure
 * @param failure null where there is a segmentation; else an {@link IOException} if the file cannot
 *     be read, an {@link IllegalArgumentException} if the image is too small or too narrow, an
 *     {@link ArithmeticException} if the network's numbers are not finite
 */
public record BatchItem(Path file, Segmentation segmentation, Exception failure) {
  /**
   * The segmentation, for callers that stop at the first failure.
   *
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException naming the file, if it cannot be segmented
   */
  public Segmentation orThrow() throws IOException {
    if (failure instanceof IOException unreadable) {
      throw unreadable;
    }
    if (failure != null) {
      throw new IllegalArgumentException(file + ": " + failure.getMessage(), failure);
    }
    return segmentation;
  }

  /** A file that was read, or not. */
  record Photo(Path file, BufferedImage image, IOException failure) {
    static Photo read(Path file) {
      try {
        return new Photo(file, FrameImage.read(file), null);
      } catch (IOException e) {
        return new Photo(file, null, e);
      }
    }

    BatchItem segment(Segmenter segmenter, Keep... keep) {
      if (failure != null) {
        return new BatchItem(file, null, failure);
      }
      try {
        return new BatchItem(file, segmenter.segment(image, keep), null);
      } catch (IllegalArgumentException | ArithmeticException e) {
        return new BatchItem(file, null, e);
      }
    }
  }
}
