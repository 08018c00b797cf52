package org.spike2former.data.picture;

import java.awt.image.BufferedImage;
import java.util.List;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Sample;
import org.spike2former.data.image.Resampling;

/** Samples side by side: each image next to its labels, with its name below. */
public final class ContactSheet {
  private static final int PAPER = 0xFFFFFF;
  private static final int INK = 0x202020;
  private static final int NO_CLASS = 0x000000;
  private static final int GAP = 8;
  private static final int MAX_SIDE = 256;

  private ContactSheet() {}

  /**
   * Draws the sheet. Images larger than {@value #MAX_SIDE} pixels are shown smaller; pixels without
   * class are black.
   *
   * @param samples at least one
   * @param columns how many side by side
   */
  public static BufferedImage draw(List<Sample> samples, ClassTable classes, int columns) {
    int height = 1;
    int width = 1;
    for (Sample sample : samples) {
      height = Math.max(height, shown(sample, sample.height()));
      width = Math.max(width, shown(sample, sample.width()));
    }
    int across = Math.min(columns, samples.size());
    int rows = Math.ceilDiv(samples.size(), across);
    int cellWidth = 2 * width + 2 * GAP;
    int cellHeight = height + BitmapFont.HEIGHT + 2 * GAP;
    Canvas canvas = new Canvas(across * cellWidth + GAP, rows * cellHeight + GAP, PAPER);
    for (int i = 0; i < samples.size(); i++) {
      int left = GAP + i % across * cellWidth;
      int top = GAP + i / across * cellHeight;
      Sample sample = samples.get(i);
      int h = shown(sample, sample.height());
      int w = shown(sample, sample.width());
      byte[] rgb = Resampling.bilinear(sample.rgb(), sample.height(), sample.width(), 3, h, w);
      byte[] labels = Resampling.nearest(sample.labels(), sample.height(), sample.width(), h, w);
      for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
          int at = y * w + x;
          int label = labels[at] & 0xff;
          canvas.set(left + x, top + y, pixel(rgb, 3 * at));
          canvas.set(
              left + width + GAP / 2 + x,
              top + y,
              label < classes.size() ? classes.color(label) : NO_CLASS);
        }
      }
      int letters = Math.max(4, 2 * width / BitmapFont.ADVANCE);
      boolean latin = BitmapFont.hasGlyphs(sample.name());
      String name = latin ? fitting(sample.name(), 2 * width) : sample.name();
      Lettering.of(name, letters, "sample " + i, 1)
          .draw(canvas, left, top + height + 3, PAPER, INK);
    }
    return canvas.image();
  }

  private static int shown(Sample sample, int side) {
    int longest = Math.max(sample.height(), sample.width());
    return longest <= MAX_SIDE ? side : Math.max(1, side * MAX_SIDE / longest);
  }

  private static int pixel(byte[] rgb, int at) {
    return (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | rgb[at + 2] & 0xff;
  }

  /** The end of a name says more than its beginning. */
  private static String fitting(String name, int width) {
    String text = BitmapFont.printable(name);
    int room = Math.max(1, width / BitmapFont.ADVANCE);
    return text.length() <= room ? text : text.substring(text.length() - room);
  }
}
