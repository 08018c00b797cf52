package org.spike2former.data;

import java.awt.image.BufferedImage;
import java.util.Locale;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.pixel.ColorPixels;
import org.spike2former.data.pixel.Frames;
import org.spike2former.data.pixel.Pixels;

/**
 * An image and the class of each of its pixels. Arrays are not copied and must not be written to.
 *
 * @param name what the data set calls it
 * @param pixels colours, or event frames
 * @param labels class indices as bytes, [height, width]; {@link #IGNORE} where there is no class
 * @param segments things and stuff, of the same size; null where only classes are told apart
 */
public record Sample(String name, Pixels pixels, byte[] labels, PanopticMap segments) {
  /** The label of pixels without class. */
  public static final int IGNORE = 255;

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if the arrays do not have the size
   */
  public Sample {
    int height = pixels.height();
    int width = pixels.width();
    if (labels.length != (long) height * width) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: %d labels do not fill %dx%d pixels",
              name,
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

  /** An image in colours, [height, width, 3] bytes. */
  public Sample(
      String name, int height, int width, byte[] rgb, byte[] labels, PanopticMap segments) {
    this(name, new ColorPixels(height, width, rgb), labels, segments);
  }

  /** An image in colours of which only classes are told apart. */
  public Sample(String name, int height, int width, byte[] rgb, byte[] labels) {
    this(name, height, width, rgb, labels, null);
  }

  /** Pixels of a column. */
  public int height() {
    return pixels.height();
  }

  /** Pixels of a row. */
  public int width() {
    return pixels.width();
  }

  /** RGB bytes, [height, width, 3]; of event frames those of their picture. */
  public byte[] rgb() {
    return switch (pixels) {
      case ColorPixels colors -> colors.rgb();
      case Frames frames -> ImageFiles.rgb(frames.image());
    };
  }

  /** The same place in the data set with other colours of the same size. */
  public Sample withRgb(byte[] bytes) {
    return new Sample(name, new ColorPixels(height(), width(), bytes), labels, segments);
  }

  /** The labels as a map. */
  public LabelMap labelMap() {
    return new LabelMap(height(), width(), labels);
  }

  /** The pixels as an image of type {@link BufferedImage#TYPE_3BYTE_BGR}. */
  public BufferedImage image() {
    return pixels.image();
  }
}
