package org.spike2former.data.picture;

import java.awt.image.BufferedImage;
import org.spike2former.data.image.Rgb8;

/** A picture to draw on, without Java2D, so that it looks the same on every machine. */
public final class Canvas {
  private final BufferedImage image;
  private final byte[] bgr;
  private final int width;

  /** A canvas of one colour, 0xRRGGBB. */
  public Canvas(int width, int height, int rgb) {
    this.width = width;
    image = Rgb8.create(width, height);
    bgr = Rgb8.bgr(image);
    fill(0, 0, width, height, rgb);
  }

  /** The picture, of type {@link BufferedImage#TYPE_3BYTE_BGR}. */
  public BufferedImage image() {
    return image;
  }

  public void fill(int left, int top, int boxWidth, int boxHeight, int rgb) {
    for (int y = top; y < top + boxHeight; y++) {
      for (int x = left; x < left + boxWidth; x++) {
        set(x, y, rgb);
      }
    }
  }

  void set(int x, int y, int rgb) {
    int at = 3 * (y * width + x);
    bgr[at] = (byte) rgb;
    bgr[at + 1] = (byte) (rgb >> 8);
    bgr[at + 2] = (byte) (rgb >> 16);
  }

  /** Draws a printable text with its upper left corner at (left, top), magnified. */
  public void text(String text, int left, int top, int scale, int rgb) {
    for (int i = 0; i < text.length(); i++) {
      for (int y = 0; y < BitmapFont.HEIGHT; y++) {
        for (int x = 0; x < BitmapFont.WIDTH; x++) {
          if (BitmapFont.ink(text.charAt(i), y, x)) {
            int column = i * BitmapFont.ADVANCE + x;
            fill(left + column * scale, top + y * scale, scale, scale, rgb);
          }
        }
      }
    }
  }
}
