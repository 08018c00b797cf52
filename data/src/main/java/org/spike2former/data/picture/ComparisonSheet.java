package org.spike2former.data.picture;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Sample;
import org.spike2former.data.image.Resampling;

/**
 * Photos, what is labelled in them and what a network finds, side by side: an image a row, with its
 * name and the share of its labelled pixels that have the right class below; at the end the classes
 * and their colours. Pixels without class are black in the labels.
 */
public final class ComparisonSheet {
  private static final int PAPER = 0xFFFFFF;
  private static final int INK = 0x202020;
  private static final int NO_CLASS = 0x000000;
  private static final int GAP = 8;
  private static final int SIDE = 320;
  private static final int SWATCH = 10;
  private static final int ENTRY = 150;
  private static final int LETTERS = 20;
  private static final int LINE = BitmapFont.HEIGHT + GAP;
  private static final List<String> TITLES = List.of("photo", "truth", "prediction");

  private ComparisonSheet() {}

  /**
   * An image.
   *
   * @param truth the image and its labels
   * @param prediction of the image's size
   */
  public record Row(Sample truth, LabelMap prediction) {
    private String caption() {
      long right = 0;
      long labelled = 0;
      for (int i = 0; i < truth.labels().length; i++) {
        if ((truth.labels()[i] & 0xff) != Sample.IGNORE) {
          labelled++;
          right += truth.labels()[i] == prediction.labels()[i] ? 1 : 0;
        }
      }
      return labelled == 0
          ? "no pixel has a class"
          : String.format(Locale.ROOT, "%.1f%% of the pixels right", 100.0 * right / labelled);
    }
  }

  /**
   * Draws the sheet. Images are shown with a longer side of {@value #SIDE} pixels.
   *
   * @param rows at least one
   */
  public static BufferedImage draw(List<Row> rows, ClassTable classes) {
    int width = 1;
    int height = 2 * GAP + LINE;
    for (Row row : rows) {
      width = Math.max(width, shown(row.truth, row.truth.width()));
      height += shown(row.truth, row.truth.height()) + LINE + GAP;
    }
    int[] shownClasses = IntStream.range(0, classes.size()).filter(k -> occurs(rows, k)).toArray();
    int sheetWidth = TITLES.size() * (width + GAP) + GAP;
    int columns = Math.max(1, (sheetWidth - GAP) / ENTRY);
    int legend = Math.ceilDiv(shownClasses.length, columns) * LINE;
    Canvas canvas = new Canvas(sheetWidth, height + legend, PAPER);
    for (int i = 0; i < TITLES.size(); i++) {
      canvas.text(TITLES.get(i), GAP + i * (width + GAP), GAP, 1, INK);
    }
    int top = GAP + LINE;
    for (Row row : rows) {
      top += draw(canvas, row, classes, top, width);
    }
    for (int i = 0; i < shownClasses.length; i++) {
      int left = GAP + i % columns * ENTRY;
      legend(canvas, classes, shownClasses[i], left, top + i / columns * LINE);
    }
    return canvas.image();
  }

  private static boolean occurs(List<Row> rows, int k) {
    return rows.stream()
        .anyMatch(row -> has(row.truth.labels(), k) || has(row.prediction.labels(), k));
  }

  private static boolean has(byte[] labels, int k) {
    for (byte label : labels) {
      if ((label & 0xff) == k) {
        return true;
      }
    }
    return false;
  }

  /** The height that the row takes. */
  private static int draw(Canvas canvas, Row row, ClassTable classes, int top, int width) {
    Sample sample = row.truth;
    int h = shown(sample, sample.height());
    int w = shown(sample, sample.width());
    byte[] rgb = Resampling.bilinear(sample.rgb(), sample.height(), sample.width(), 3, h, w);
    byte[] truth = Resampling.nearest(sample.labels(), sample.height(), sample.width(), h, w);
    byte[] found =
        Resampling.nearest(row.prediction.narrow(), sample.height(), sample.width(), h, w);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int at = y * w + x;
        int pixel = (rgb[3 * at] & 0xff) << 16 | (rgb[3 * at + 1] & 0xff) << 8;
        canvas.set(GAP + x, top + y, pixel | rgb[3 * at + 2] & 0xff);
        canvas.set(GAP + width + GAP + x, top + y, color(classes, truth[at]));
        canvas.set(GAP + 2 * (width + GAP) + x, top + y, color(classes, found[at]));
      }
    }
    int letters = Math.max(4, width / BitmapFont.ADVANCE);
    Lettering.of(sample.name(), letters, "image", 1).draw(canvas, GAP, top + h + 3, PAPER, INK);
    canvas.text(row.caption(), GAP + 2 * (width + GAP), top + h + 3, 1, INK);
    return h + LINE + GAP;
  }

  private static int color(ClassTable classes, byte label) {
    int k = label & 0xff;
    return k < classes.size() ? classes.color(k) : NO_CLASS;
  }

  private static void legend(Canvas canvas, ClassTable classes, int k, int left, int top) {
    canvas.fill(left, top, SWATCH, SWATCH, INK);
    canvas.fill(left + 1, top + 1, SWATCH - 2, SWATCH - 2, classes.color(k));
    Lettering.of(classes.names().get(k), LETTERS, "class " + k, 1)
        .draw(canvas, left + SWATCH + GAP / 2, top, PAPER, INK);
  }

  private static int shown(Sample sample, int side) {
    return Math.max(1, side * SIDE / Math.max(sample.height(), sample.width()));
  }
}
