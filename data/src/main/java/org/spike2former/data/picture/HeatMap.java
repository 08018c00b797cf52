package org.spike2former.data.picture;

import java.awt.image.BufferedImage;
import java.util.Locale;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.image.Resampling;

/**
 * Numbers on a grid, drawn as colours over a photo: from the dark photo where they are 0 to bright
 * yellow where they are greatest, with a scale below. The same input gives the same bytes on every
 * machine.
 *
 * @param values [height, width], not negative
 * @param height rows of the grid
 * @param width columns of the grid
 * @param shownHeight share of the rows that lie over the photo, from the top; the rest is padding
 * @param shownWidth share of the columns that lie over the photo, from the left
 */
public record HeatMap(
    float[] values, int height, int width, double shownHeight, double shownWidth) {
  private static final int MIN_SIDE = 640;
  private static final int PAPER = 0xFFFFFF;
  private static final int INK = 0x202020;
  private static final double PHOTO = 0.25;

  // In units of the text's scale.
  private static final int BAR = 8;
  private static final int MARGIN = 6;

  /** Colours of 0, 1/3, 2/3 and 1. */
  private static final int[][] RAMP = {{0, 0, 0}, {120, 20, 110}, {240, 100, 40}, {255, 250, 130}};

  /** Checks the sizes. */
  public HeatMap {
    if (values.length != height * width || values.length == 0) {
      throw new IllegalArgumentException(
          values.length + " values do not fill a grid of " + width + "x" + height);
    }
  }

  /**
   * Draws the picture.
   *
   * @param title in printable ASCII
   * @return an image of type {@link BufferedImage#TYPE_3BYTE_BGR}, at least as large as the photo
   */
  public BufferedImage over(BufferedImage photo, String title) {
    int photoHeight = photo.getHeight();
    int photoWidth = photo.getWidth();
    int zoom = Math.max(1, Math.ceilDiv(MIN_SIDE, Math.max(photoWidth, photoHeight)));
    int w = photoWidth * zoom;
    int h = photoHeight * zoom;
    int scale = Math.max(2, Math.min(w, h) / 300);
    int line = (BitmapFont.HEIGHT + MARGIN) * scale;
    String text = BitmapFont.printable(title);
    int textWidth = (BitmapFont.width(text) + 2 * MARGIN) * scale;
    int below = 2 * line + (BAR + 2 * MARGIN) * scale;
    Canvas canvas = new Canvas(Math.max(w, textWidth), h + below, PAPER);
    byte[] rgb = Resampling.bilinear(ImageFiles.rgb(photo), photoHeight, photoWidth, 3, h, w);
    float most = 0;
    for (float value : values) {
      most = Math.max(most, value);
    }
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int at = 3 * (y * w + x);
        double grey =
            0.299 * (rgb[at] & 0xff) + 0.587 * (rgb[at + 1] & 0xff) + 0.114 * (rgb[at + 2] & 0xff);
        double value = at((y + 0.5) / h * shownHeight * height, (x + 0.5) / w * shownWidth * width);
        canvas.set(x, y, colour(most == 0 ? 0 : value / most, PHOTO * grey));
      }
    }
    int left = MARGIN * scale;
    canvas.text(text, left, h + left, scale, INK);
    scale(canvas, h + line + left, Math.max(w, textWidth), scale, most);
    return canvas.image();
  }

  /** Bilinear between the centres of the cells. */
  private double at(double y, double x) {
    double row = Math.max(0, Math.min(height - 1, y - 0.5));
    double column = Math.max(0, Math.min(width - 1, x - 0.5));
    int top = (int) row;
    int left = (int) column;
    int bottom = Math.min(height - 1, top + 1);
    int right = Math.min(width - 1, left + 1);
    double upper = mix(values[top * width + left], values[top * width + right], column - left);
    double lower =
        mix(values[bottom * width + left], values[bottom * width + right], column - left);
    return mix(upper, lower, row - top);
  }

  private static double mix(double a, double b, double share) {
    return a + (b - a) * share;
  }

  /** A point of the ramp on a grey ground that fades under bright colours. */
  private static int colour(double level, double grey) {
    double place = level * (RAMP.length - 1);
    int i = Math.min(RAMP.length - 2, (int) place);
    int rgb = 0;
    for (int c = 0; c < 3; c++) {
      double ramp = mix(RAMP[i][c], RAMP[i + 1][c], place - i);
      rgb = rgb << 8 | (int) Math.min(255, ramp + grey + 0.5);
    }
    return rgb;
  }

  private static void scale(Canvas canvas, int top, int pictureWidth, int scale, float most) {
    int left = MARGIN * scale;
    int barWidth = pictureWidth / 2;
    for (int x = 0; x < barWidth; x++) {
      canvas.fill(left + x, top, 1, BAR * scale, colour((double) x / barWidth, 0));
    }
    int below = top + (BAR + 2) * scale;
    String end = String.format(Locale.ROOT, "%.3g", most);
    canvas.text("0", left, below, scale, INK);
    int right = left + barWidth - BitmapFont.width(end) * scale;
    canvas.text(end, right, below, scale, INK);
  }
}
