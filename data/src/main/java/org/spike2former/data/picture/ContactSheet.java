package org.spike2former.data.picture;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Sample;
import org.spike2former.data.image.Resampling;
import org.spike2former.data.mask.Box;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;

/**
 * Samples side by side: each image next to its labels, with its name below, and a legend of the
 * classes that occur. Things that are told apart have contours and, where there is room, numbers,
 * in each sample from 1; crowds are striped.
 */
public final class ContactSheet {
  private static final int INK = 0x202020;
  private static final int NO_CLASS = 0x000000;
  private static final int CONTOUR = 0xFFFFFF;
  private static final int STRIPES = 4;
  private static final int GAP = 8;
  private static final int MAX_SIDE = 256;
  private static final int LEGEND_SCALE = 2;

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
    int sheetWidth = across * cellWidth + GAP;
    int sheetHeight = rows * cellHeight + GAP;
    List<Legend.Entry> legend = legend(samples, classes);
    Canvas canvas =
        legend.isEmpty()
            ? new Canvas(sheetWidth, sheetHeight, Legend.PAPER)
            : new Legend(legend, sheetWidth, sheetHeight, LEGEND_SCALE)
                .canvas(sheetWidth, sheetHeight);
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
      if (sample.segments() != null) {
        int[] ids =
            Resampling.nearest(sample.segments().ids(), sample.height(), sample.width(), h, w);
        things(canvas, sample.segments().withIds(h, w, ids), left + width + GAP / 2, top);
      }
      int letters = Math.max(4, 2 * width / BitmapFont.ADVANCE);
      boolean latin = BitmapFont.hasGlyphs(sample.name());
      String name = latin ? fitting(sample.name(), 2 * width) : sample.name();
      Lettering.of(name, letters, "sample " + i, 1)
          .draw(canvas, left, top + height + 3, Legend.PAPER, INK);
    }
    return canvas.image();
  }

  /** The classes that occur. */
  private static List<Legend.Entry> legend(List<Sample> samples, ClassTable classes) {
    boolean[] occurs = new boolean[256];
    for (Sample sample : samples) {
      for (byte label : sample.labels()) {
        occurs[label & 0xff] = true;
      }
    }
    return IntStream.range(0, classes.size())
        .filter(k -> occurs[k])
        .mapToObj(
            k -> {
              String name = k + " " + classes.names().get(k);
              return new Legend.Entry(
                  classes.color(k),
                  Lettering.of(name, Legend.MAX_NAME, "class " + k, LEGEND_SCALE),
                  "");
            })
        .toList();
  }

  private static void things(Canvas canvas, PanopticMap map, int left, int top) {
    Map<Integer, Segment> segments = map.byId();
    for (int y = 0; y < map.height(); y++) {
      for (int x = 0; x < map.width(); x++) {
        Segment segment = segments.get(map.id(y, x));
        if (segment == null || !segment.thing()) {
          continue;
        }
        boolean edge =
            y == 0
                || x == 0
                || map.id(y - 1, x) != segment.id()
                || map.id(y, x - 1) != segment.id();
        if (edge || segment.crowd() && (x + y) % STRIPES == 0) {
          canvas.set(left + x, top + y, CONTOUR);
        }
      }
    }
    int number = 0;
    for (Segment segment : map.segments()) {
      if (segment.thing() && !segment.crowd()) {
        number(canvas, Integer.toString(++number), segment.box(), left, top);
      }
    }
  }

  /** In the middle of a box, on paper; not where the box is too small for it. */
  private static void number(Canvas canvas, String text, Box box, int left, int top) {
    int width = BitmapFont.width(text);
    int x = (box.x0() + box.x1() - width) / 2;
    int y = (box.y0() + box.y1() - BitmapFont.HEIGHT) / 2;
    if (box.width() < width || box.height() < BitmapFont.HEIGHT) {
      return;
    }
    canvas.fill(left + x, top + y, width, BitmapFont.HEIGHT, Legend.PAPER);
    canvas.text(text, left + x, top + y, 1, INK);
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
