package org.spike2former.data.pixel;

import java.awt.image.BufferedImage;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.image.Resampling;
import org.spike2former.data.image.Rgb8;

/**
 * Colours. Arrays are not copied and must not be written to.
 *
 * @param height pixels
 * @param width pixels
 * @param rgb bytes, [height, width, 3]
 */
public record ColorPixels(int height, int width, byte[] rgb) implements Pixels {
  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if the array does not have it
   */
  public ColorPixels {
    if (height < 1 || width < 1 || rgb.length != 3L * height * width) {
      throw new IllegalArgumentException(
          rgb.length + " bytes do not fill " + width + "x" + height + " pixels");
    }
  }

  /**
   * Those of an image.
   *
   * @throws IllegalArgumentException if its samples are not grey, palette or RGB
   */
  static ColorPixels of(BufferedImage image) {
    return new ColorPixels(image.getHeight(), image.getWidth(), ImageFiles.rgb(image));
  }

  @Override
  public int steps() {
    return 1;
  }

  @Override
  public int channels() {
    return 3;
  }

  @Override
  public ColorPixels crop(int top, int left, int h, int w) {
    byte[] part = new byte[3 * h * w];
    for (int y = 0; y < h; y++) {
      System.arraycopy(rgb, 3 * ((top + y) * width + left), part, 3 * y * w, 3 * w);
    }
    return new ColorPixels(h, w, part);
  }

  @Override
  public ColorPixels gathered(int h, int w, int[] from) {
    byte[] moved = new byte[3 * h * w];
    for (int i = 0; i < from.length; i++) {
      if (from[i] != NONE) {
        moved[3 * i] = rgb[3 * from[i]];
        moved[3 * i + 1] = rgb[3 * from[i] + 1];
        moved[3 * i + 2] = rgb[3 * from[i] + 2];
      }
    }
    return new ColorPixels(h, w, moved);
  }

  @Override
  public ColorPixels resized(int h, int w) {
    return new ColorPixels(h, w, Resampling.bilinear(rgb, height, width, 3, h, w));
  }

  @Override
  public ColorPixels rotated(Rotation rotation) {
    byte[] turned = new byte[rgb.length];
    rotation.bilinear(
        height,
        width,
        (to, from, weights) -> {
          for (int c = 0; c < 3; c++) {
            double sum = 0;
            for (int i = 0; i < from.length; i++) {
              sum += from[i] == NONE ? 0 : weights[i] * (rgb[3 * from[i] + c] & 0xff);
            }
            turned[3 * to + c] = (byte) (int) (sum + 0.5);
          }
        });
    return new ColorPixels(height, width, turned);
  }

  /** An image of type {@link BufferedImage#TYPE_3BYTE_BGR}. */
  @Override
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
