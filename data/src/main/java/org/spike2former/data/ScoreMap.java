package org.spike2former.data;

import java.awt.image.BufferedImage;

/**
 * A number for every pixel: a score, or a probability from 0 to 1.
 *
 * @param height pixels
 * @param width pixels
 * @param values [height, width]; not copied
 */
public record ScoreMap(int height, int width, float[] values) {
  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if there are not {@code height·width} values
   */
  public ScoreMap {
    if (height < 1 || width < 1 || (long) height * width != values.length) {
      throw new IllegalArgumentException(
          values.length + " values do not fill " + width + "x" + height + " pixels");
    }
  }

  /** The number at row {@code y} and column {@code x}. */
  public float value(int y, int x) {
    return values[y * width + x];
  }

  /** An 8-bit grey image: black is 0 or less, white 1 or more. */
  public BufferedImage toImage() {
    byte[] grey = new byte[values.length];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = (byte) Math.round(255 * Math.clamp(values[i], 0f, 1f));
    }
    return new LabelMap(height, width, grey).toImage();
  }
}
