package org.spike2former.data.picture;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.image.Resampling;

/**
 * A photo under the colours of regions, which are outlined. Small photos are magnified by a whole
 * factor, so that letters are legible.
 */
final class TintedPhoto {

  /** Colours whose brightest channel is below it have an outline in a lighter shade. */
  private static final int DARK = 96;

  /** The brightest channel of such an outline. */
  private static final int OUTLINE = 160;

  private static final int MIN_SIDE = 640;

  private final BufferedImage photo;
  private final int zoom;
  private final int width;
  private final int height;

  /** Which region a pixel of the photo is in. */
  @FunctionalInterface
  interface Regions {
    int at(int y, int x);
  }

  /**
   * A photo.
   *
   * @param what the regions are, for the message
   * @param regionHeight of the map of the regions
   * @param regionWidth of the map of the regions
   * @throws IllegalArgumentException if the photo has another size
   */
  TintedPhoto(BufferedImage photo, String what, int regionHeight, int regionWidth) {
    if (photo.getHeight() != regionHeight || photo.getWidth() != regionWidth) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "photo of %dx%d pixels, %s of %dx%d",
              photo.getWidth(),
              photo.getHeight(),
              what,
              regionWidth,
              regionHeight));
    }
    this.photo = photo;
    zoom = Math.max(1, Math.ceilDiv(MIN_SIDE, Math.max(regionWidth, regionHeight)));
    width = regionWidth * zoom;
    height = regionHeight * zoom;
  }

  /** How often the photo is magnified. */
  int zoom() {
    return zoom;
  }

  /** Pixels per pixel of the bitmap font. */
  int textScale() {
    return Math.max(2, Math.min(width, height) / 300);
  }

  /**
   * Draws photo and legend.
   *
   * @param color of a region, 0xRRGGBB; negative: it is left as it is
   * @throws IllegalArgumentException if the photo is so long and thin that the picture would be
   *     huge
   */
  Canvas draw(
      Regions regions, IntUnaryOperator color, List<Legend.Entry> legend, OverlayStyle style) {
    Canvas canvas =
        style.legend() && !legend.isEmpty()
            ? new Legend(legend, width, height, textScale())
                .canvas(photo.getWidth(), photo.getHeight())
            : new Canvas(width, height, Legend.PAPER);
    byte[] rgb =
        Resampling.bilinear(
            ImageFiles.rgb(photo), photo.getHeight(), photo.getWidth(), 3, height, width);
    int line = Math.max(1, Math.min(width, height) / 400);
    int at = 0;
    for (int y = 0; y < height; y++) {
      int below = Math.min(y + line, height - 1) / zoom;
      for (int x = 0; x < width; x++, at += 3) {
        int pixel = (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | rgb[at + 2] & 0xff;
        int region = regions.at(y / zoom, x / zoom);
        int tint = color.applyAsInt(region);
        if (tint >= 0) {
          int right = Math.min(x + line, width - 1) / zoom;
          boolean edge =
              regions.at(y / zoom, right) != region || regions.at(below, x / zoom) != region;
          pixel = edge ? outline(tint) : mix(pixel, tint, style.opacity());
        }
        canvas.set(x, y, pixel);
      }
    }
    return canvas;
  }

  /** A colour, mixed with white where it is so dark that it would not show on a dark photo. */
  static int outline(int color) {
    int brightest = Math.max(color >> 16 & 0xff, Math.max(color >> 8 & 0xff, color & 0xff));
    return brightest >= DARK
        ? color
        : mix(color, 0xFFFFFF, (OUTLINE - brightest) / (255.0 - brightest));
  }

  private static int mix(int pixel, int color, double share) {
    int mixed = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      double level = (1 - share) * (pixel >> shift & 0xff) + share * (color >> shift & 0xff);
      mixed |= (int) (level + 0.5) << shift;
    }
    return mixed;
  }
}
