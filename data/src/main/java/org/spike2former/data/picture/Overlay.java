package org.spike2former.data.picture;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.image.Resampling;

/**
 * A photo with its segmentation: every class is tinted in its colour and outlined, and a legend
 * lists the classes that occur, the largest first, with their share of the pixels. Small photos are
 * magnified by a whole factor, so that the legend is legible. The same input gives the same bytes
 * on every machine, unless a class has a name in other letters than Latin ones: these are written
 * in the machine's fonts or, where it has none for them, as "class 7".
 */
public final class Overlay {
  private static final double TINT = 0.5;
  private static final int MIN_SIDE = 640;
  private static final int MAX_NAME = 24;
  private static final int PAPER = 0xFFFFFF;
  private static final int INK = 0x202020;

  // In units of the text's scale.
  private static final int ROW = 14;
  private static final int SWATCH = 10;
  private static final int MARGIN = 8;
  private static final int GAP = 4;

  private Overlay() {}

  private record Entry(int color, Lettering name, String share) {}

  /**
   * Draws the picture.
   *
   * @param labels of the photo's size; labels that are not classes are left untinted
   * @return an image of type {@link BufferedImage#TYPE_3BYTE_BGR}, at least as large as the photo
   * @throws IllegalArgumentException if the sizes differ, or the photo is so long and thin that the
   *     picture would be huge
   */
  public static BufferedImage draw(BufferedImage photo, LabelMap labels, ClassTable classes) {
    if (photo.getHeight() != labels.height() || photo.getWidth() != labels.width()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "photo of %dx%d pixels, labels of %dx%d",
              photo.getWidth(),
              photo.getHeight(),
              labels.width(),
              labels.height()));
    }
    int zoom = Math.max(1, Math.ceilDiv(MIN_SIDE, Math.max(labels.width(), labels.height())));
    int width = labels.width() * zoom;
    int height = labels.height() * zoom;
    int scale = Math.max(2, Math.min(width, height) / 300);

    List<Entry> entries = entries(labels, classes, scale);
    int entryWidth = entryWidth(entries) * scale;
    int row = ROW * scale;
    int margin = MARGIN * scale;
    boolean beside = width <= 2 * height;
    int rows;
    int columns;
    if (beside) {
      rows = Math.max(1, Math.min(entries.size(), (height - 2 * margin) / row));
      columns = Math.ceilDiv(entries.size(), rows);
    } else {
      columns = Math.max(1, (width - margin) / (entryWidth + margin));
      rows = Math.ceilDiv(entries.size(), columns);
    }
    int legendWidth = margin + columns * (entryWidth + margin);
    int legendHeight = 2 * margin + rows * row;
    int fullWidth = beside ? width + legendWidth : Math.max(width, legendWidth);
    int fullHeight = beside ? Math.max(height, legendHeight) : height + legendHeight;
    if ((long) fullWidth * fullHeight > 2 * ImageFiles.MAX_PIXELS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "no legend fits beside a photo of %dx%d pixels",
              photo.getWidth(),
              photo.getHeight()));
    }

    Canvas canvas = new Canvas(fullWidth, fullHeight, PAPER);
    paint(canvas, photo, labels, classes, zoom);
    for (int i = 0; i < entries.size(); i++) {
      int column = beside ? i / rows : i % columns;
      int line = beside ? i % rows : i / columns;
      int left = (beside ? width : 0) + margin + column * (entryWidth + margin);
      int top = (beside ? 0 : height) + margin + line * row;
      legend(canvas, entries.get(i), left, top, entryWidth, scale);
    }
    return canvas.image();
  }

  private static List<Entry> entries(LabelMap labels, ClassTable classes, int scale) {
    long[] counts = labels.counts();
    List<Integer> present = new ArrayList<>();
    for (int k = 0; k < classes.size(); k++) {
      if (counts[k] > 0) {
        present.add(k);
      }
    }
    present.sort(Comparator.comparing((Integer k) -> -counts[k]));
    List<Entry> entries = new ArrayList<>();
    for (int k : present) {
      Lettering name = Lettering.of(classes.names().get(k), MAX_NAME, "class " + k, scale);
      double percent = 100.0 * counts[k] / labels.labels().length;
      String share = percent < 0.05 ? "<0.1%" : String.format(Locale.ROOT, "%.1f%%", percent);
      entries.add(new Entry(classes.color(k), name, share));
    }
    return entries;
  }

  /** Width of the widest legend entry, in units of the text's scale. */
  private static int entryWidth(List<Entry> entries) {
    int name = 0;
    int share = 0;
    for (Entry entry : entries) {
      name = Math.max(name, entry.name.width());
      share = Math.max(share, BitmapFont.width(entry.share));
    }
    return SWATCH + GAP + name + 2 * GAP + share;
  }

  private static void legend(
      Canvas canvas, Entry entry, int left, int top, int entryWidth, int scale) {
    int swatch = SWATCH * scale;
    int frame = Math.max(1, scale / 2);
    canvas.fill(left, top, swatch, swatch, INK);
    canvas.fill(left + frame, top + frame, swatch - 2 * frame, swatch - 2 * frame, entry.color);
    int baseline = top + (SWATCH - BitmapFont.ASCENT + 1) / 2 * scale;
    entry.name.draw(canvas, left + (SWATCH + GAP) * scale, baseline, PAPER, INK);
    int right = left + entryWidth - BitmapFont.width(entry.share) * scale;
    canvas.text(entry.share, right, baseline, scale, INK);
  }

  private static void paint(
      Canvas canvas, BufferedImage photo, LabelMap labels, ClassTable classes, int zoom) {
    int width = labels.width() * zoom;
    int height = labels.height() * zoom;
    byte[] rgb =
        Resampling.bilinear(
            ImageFiles.rgb(photo), labels.height(), labels.width(), 3, height, width);
    int line = Math.max(1, Math.min(width, height) / 400);
    int at = 0;
    for (int y = 0; y < height; y++) {
      int below = Math.min(y + line, height - 1) / zoom;
      for (int x = 0; x < width; x++, at += 3) {
        int pixel = (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | rgb[at + 2] & 0xff;
        int label = labels.label(y / zoom, x / zoom);
        if (label < classes.size()) {
          int right = Math.min(x + line, width - 1) / zoom;
          boolean edge =
              labels.label(y / zoom, right) != label || labels.label(below, x / zoom) != label;
          pixel = edge ? classes.color(label) : mix(pixel, classes.color(label));
        }
        canvas.set(x, y, pixel);
      }
    }
  }

  private static int mix(int pixel, int color) {
    int mixed = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      double level = (1 - TINT) * (pixel >> shift & 0xff) + TINT * (color >> shift & 0xff);
      mixed |= (int) (level + 0.5) << shift;
    }
    return mixed;
  }
}
