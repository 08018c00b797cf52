package org.spike2former.data.pixel;

import java.awt.image.BufferedImage;

/** What a network is shown of a scene, pixel by pixel. None of these changes its operand. */
public sealed interface Pixels permits ColorPixels, Frames {
  /** In place of a pixel in {@link #gathered}: none, all of whose numbers are 0. */
  int NONE = -1;

  /** Pixels of a column. */
  int height();

  /** Pixels of a row. */
  int width();

  /** T, how many frames there are, one for each time step. */
  int steps();

  /** C, numbers of a pixel in a frame. */
  int channels();

  /** A rectangle of it. */
  Pixels crop(int top, int left, int height, int width);

  /**
   * Pixels from elsewhere.
   *
   * @param from for each new pixel, [height, width], the place of the old one, or {@link #NONE}
   */
  Pixels gathered(int height, int width, int[] from);

  /** Resampled bilinearly: half-pixel centres, borders repeated, no anti-aliasing. */
  Pixels resized(int height, int width);

  /** Turned about its centre, bilinearly; what comes from outside is 0. */
  Pixels rotated(Rotation rotation);

  /** As people look at it. */
  BufferedImage image();

  /** The image's pixels as a network sees them. */
  static Pixels of(BufferedImage image) {
    return image instanceof FrameImage framed ? framed.frames() : ColorPixels.of(image);
  }
}
