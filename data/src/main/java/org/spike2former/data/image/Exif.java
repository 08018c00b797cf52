package org.spike2former.data.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;

/** What to do about the orientation that an image file states. */
public enum Exif {
  /** The image is turned upright; labels are of the upright image. */
  APPLY,
  /** Pixels stay as they are stored; labels are of these. */
  IGNORE;

  /**
   * Reads an image that way.
   *
   * @throws IOException as {@link ImageFiles#read}
   */
  public BufferedImage read(Path file) throws IOException {
    return of(ImageFiles.readStored(file));
  }

  public BufferedImage of(ImageFiles.Stored stored) {
    return this == APPLY ? stored.upright() : stored.image();
  }
}
