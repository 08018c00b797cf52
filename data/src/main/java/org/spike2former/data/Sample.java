package org.spike2former.data;

import java.awt.image.BufferedImage;
import java.util.Locale;
import org.spike2former.data.image.Rgb8;
import org.spike2former.data.panoptic.PanopticMap;

/**
 * An image and the class of each of its pixels. Arrays are not copied and must not be written to.
 *
 * @param name what the data set calls it
 * @param height pixels
 * @param width pixels
 * @param rgb bytes, [height, width, 3]
 * @param labels class indices as bytes, [height, width]; {@link #IGNORE} where there is no class
 * @param segments things and stuff, of the same size; null where only classes are told apart
 */
public record Sample(
    String name, int height, int width, byte[] rgb, byte[] labels, PanopticMap segments) {
  /** The label of pixels without class. */
  public static final int IGNORE = 255;

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if the arrays do not have the size
   */
  public Sample {
    long pixels = (long) height * width;
    if (height < 1 || width < 1 || rgb.length != 3 * pixels || labels.length != pixels) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: %d bytes and %d labels do not fill %dx%d pixels",
              name,
              rgb.length,
              labels.length,
              width,
              height));
    }
    if (segments != null && (segments.height() != height || segments.width() != width)) {
      throw new IllegalArgumentException(
          name
              + ": segments of "
              + segments.width()
              + "x"
              + segments.height()
              + " pixels for an image of "
              + width
              + "x"
              + height);
    }
  }

  /** An image of which only classes are told apart. */
  public Sample(String name, int height, int width, byte[] rgb, byte[] labels) {
    this(name, height, width, rgb, labels, null);
  }

  /** The same place in the data set with other pixels of the same size. */
  public Sample withRgb(byte[] pixels) {
    return new Sample(name, height, width, pixels, labels, segments);
  }

  /** The labels as a map. */
  public LabelMap labelMap() {
    return new LabelMap(height, width, labels);
  }

  /** The pixels as an image of type {@link BufferedImage#TYPE_3BYTE_BGR}. */
  public BufferedImage image() {
    BufferedImage image = Rgb8.create(width, height);
    byte[] bgr = Rgb8.bgr(image);
    for (int i = 0; i < bgr.length; i += 3) {
      bgr[i] = rgb[i + 2];
      bgr[i + 1] = rgb[i + 1];
      bgr[i + 2] = rgb[i];
    }
    return image;
  }
}
