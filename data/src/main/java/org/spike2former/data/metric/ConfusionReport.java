package org.spike2former.data.metric;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.spike2former.data.picture.BitmapFont;
import org.spike2former.data.picture.Canvas;
import org.spike2former.data.picture.Lettering;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;

/** A confusion matrix as a table and as a picture: a row for each true class. */
public final class ConfusionReport {
  private static final int PAPER = 0xFFFFFF;
  private static final int INK = 0x202020;
  private static final int EMPTY = 0xF4F4F4;
  private static final int FULL = 0x08306B;
  private static final int MARGIN = 10;
  private static final String CAPTION = "true class by row, predicted by column, % of row";
  private static final int MAX_NAME = 24;

  /** Up to this many classes, cells have room for a number. */
  private static final int MAX_NUMBERED = 40;

  private ConfusionReport() {}

  /** Pixel counts as comma-separated values; the first row and column are names. */
  public static String csv(ConfusionMatrix matrix, List<String> names) {
    List<Column<Integer>> columns = new ArrayList<>();
    columns.add(Column.of("truth \\ prediction", names::get));
    for (int k = 0; k < matrix.classes(); k++) {
      int guess = k;
      columns.add(Column.of(names.get(k), truth -> matrix.count(truth, guess)));
    }
    return new Table<>(columns, IntStream.range(0, matrix.classes()).boxed().toList()).csv();
  }

  /** Metrics of each class as comma-separated values, in percent; empty where there is none. */
  public static String csv(SegmentationMetrics metrics, List<String> names) {
    return metrics.table(names, "%.4f", null).csv();
  }

  /**
   * A picture of the shares of each true class: the darker a cell, the more of the row's pixels
   * were predicted as the column's class. Rows without pixels are blank.
   */
  public static BufferedImage draw(ConfusionMatrix matrix, List<String> names) {
    int classes = matrix.classes();
    boolean numbered = classes <= MAX_NUMBERED;
    int cell = numbered ? 5 * BitmapFont.ADVANCE : BitmapFont.HEIGHT + 2;
    Lettering[] labels = new Lettering[classes];
    int nameWidth = 0;
    for (int k = 0; k < classes; k++) {
      labels[k] = label(k, names.get(k));
      nameWidth = Math.max(nameWidth, labels[k].width());
    }
    int left = 2 * MARGIN + nameWidth;
    int top = 2 * MARGIN + 2 * BitmapFont.HEIGHT;
    Canvas canvas =
        new Canvas(
            Math.max(left + classes * cell, MARGIN + BitmapFont.width(CAPTION)) + MARGIN,
            top + classes * cell + MARGIN,
            PAPER);
    canvas.text(CAPTION, MARGIN, MARGIN, 1, INK);
    for (int k = 0; k < classes; k++) {
      int middle = (cell - BitmapFont.ASCENT) / 2;
      labels[k].draw(canvas, MARGIN, top + k * cell + middle, PAPER, INK);
      if (numbered || k % 5 == 0) {
        int column = left + k * cell + 2;
        canvas.text(Integer.toString(k), column, top - BitmapFont.HEIGHT - 2, 1, INK);
      }
      row(canvas, matrix, k, left, top + k * cell, cell, numbered);
    }
    return canvas.image();
  }

  private static Lettering label(int k, String name) {
    if (!BitmapFont.hasGlyphs(name)) {
      return Lettering.of(k + " " + name, MAX_NAME + 4, k + " class " + k, 1);
    }
    String text = BitmapFont.printable(name);
    String cut = text.length() > MAX_NAME ? text.substring(0, MAX_NAME) : text;
    return Lettering.of(k + " " + cut, MAX_NAME + 4, "", 1);
  }

  private static void row(
      Canvas canvas,
      ConfusionMatrix matrix,
      int truth,
      int left,
      int top,
      int cell,
      boolean numbered) {
    long area = matrix.labelArea(truth);
    for (int guess = 0; guess < matrix.classes(); guess++) {
      double share = area == 0 ? 0 : (double) matrix.count(truth, guess) / area;
      int x = left + guess * cell;
      canvas.fill(x, top, cell - 1, cell - 1, mix(EMPTY, FULL, share));
      if (numbered && share >= 0.005) {
        String text = Integer.toString((int) (100 * share + 0.5));
        canvas.text(
            text,
            x + (cell - BitmapFont.width(text)) / 2,
            top + (cell - BitmapFont.ASCENT) / 2,
            1,
            share > 0.5 ? PAPER : INK);
      }
    }
  }

  private static int mix(int from, int to, double share) {
    int mixed = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      double level = (1 - share) * (from >> shift & 0xff) + share * (to >> shift & 0xff);
      mixed |= (int) (level + 0.5) << shift;
    }
    return mixed;
  }
}
