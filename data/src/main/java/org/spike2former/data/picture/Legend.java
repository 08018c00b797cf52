package org.spike2former.data.picture;

import java.util.List;
import java.util.Locale;
import org.spike2former.data.image.ImageFiles;

/**
 * Colours with names, beside a magnified photo where that takes at most a sixth of the picture's
 * width, else below it.
 */
final class Legend {
  /** Letters of a name that are shown. */
  static final int MAX_NAME = 24;

  static final int PAPER = 0xFFFFFF;
  static final int INK = 0x202020;

  // In units of the text's scale.
  private static final int ROW = 14;
  private static final int SWATCH = 10;
  private static final int MARGIN = 6;
  private static final int GAP = 4;

  /** Least width of a photo with a legend beside it, as a multiple of the legend's. */
  private static final int PHOTO_TO_LEGEND = 5;

  private final List<Entry> entries;
  private final int width;
  private final int height;
  private final int scale;
  private final int entryWidth;
  private final boolean beside;
  private final int rows;
  private final int columns;

  /** A line: a colour, a name, and its share of the pixels in words. */
  record Entry(int color, Lettering name, String share) {
    /** With a share of the pixels. */
    static Entry of(int color, Lettering name, long count, int pixels) {
      double percent = 100.0 * count / pixels;
      String text = percent < 0.05 ? "<0.1%" : String.format(Locale.ROOT, "%.1f%%", percent);
      return new Entry(color, name, text);
    }
  }

  /**
   * A legend.
   *
   * @param width of the magnified photo
   * @param height of the magnified photo
   * @param scale pixels per pixel of the bitmap font
   */
  Legend(List<Entry> entries, int width, int height, int scale) {
    this.entries = entries;
    this.width = width;
    this.height = height;
    this.scale = scale;
    entryWidth = entryWidth() * scale;
    int row = ROW * scale;
    int margin = MARGIN * scale;
    int fitting = Math.max(1, Math.min(entries.size(), (height - 2 * margin) / row));
    int across = Math.ceilDiv(entries.size(), fitting);
    beside = PHOTO_TO_LEGEND * legendWidth(across) <= width;
    columns = beside ? across : Math.max(1, (width - margin) / (entryWidth + margin));
    rows = beside ? fitting : Math.ceilDiv(entries.size(), columns);
  }

  private int legendWidth(int columns) {
    int margin = MARGIN * scale;
    return margin + columns * (entryWidth + margin);
  }

  /** Width of the widest entry, in units of the text's scale. */
  private int entryWidth() {
    int name = 0;
    int share = 0;
    for (Entry entry : entries) {
      name = Math.max(name, entry.name.width());
      share = Math.max(share, BitmapFont.width(entry.share));
    }
    return SWATCH + GAP + name + 2 * GAP + share;
  }

  /**
   * A canvas with the legend and room for the photo in its upper left corner.
   *
   * @param photoWidth before it was magnified, for the message
   * @param photoHeight before it was magnified, for the message
   * @throws IllegalArgumentException if the photo is so long and thin that it would be huge
   */
  Canvas canvas(int photoWidth, int photoHeight) {
    int row = ROW * scale;
    int margin = MARGIN * scale;
    int legendWidth = legendWidth(columns);
    int legendHeight = 2 * margin + rows * row;
    int fullWidth = beside ? width + legendWidth : Math.max(width, legendWidth);
    int fullHeight = beside ? Math.max(height, legendHeight) : height + legendHeight;
    if ((long) fullWidth * fullHeight > 2 * ImageFiles.MAX_PIXELS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "no legend fits beside a photo of %dx%d pixels",
              photoWidth,
              photoHeight));
    }
    Canvas canvas = new Canvas(fullWidth, fullHeight, PAPER);
    for (int i = 0; i < entries.size(); i++) {
      int column = beside ? i / rows : i % columns;
      int line = beside ? i % rows : i / columns;
      int left = (beside ? width : 0) + margin + column * (entryWidth + margin);
      int top = (beside ? 0 : height) + margin + line * row;
      draw(canvas, entries.get(i), left, top);
    }
    return canvas;
  }

  private void draw(Canvas canvas, Entry entry, int left, int top) {
    int swatch = SWATCH * scale;
    int frame = Math.max(1, scale / 2);
    canvas.fill(left, top, swatch, swatch, INK);
    canvas.fill(left + frame, top + frame, swatch - 2 * frame, swatch - 2 * frame, entry.color);
    int baseline = top + (SWATCH - BitmapFont.ASCENT + 1) / 2 * scale;
    entry.name.draw(canvas, left + (SWATCH + GAP) * scale, baseline, PAPER, INK);
    int right = left + entryWidth - BitmapFont.width(entry.share) * scale;
    canvas.text(entry.share, right, baseline, scale, INK);
  }
}
