package org.spike2former.data.picture;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars with their names at the left and their values at the right, in groups one below
 * the other. The axis ends where the longest bar needs it to. Names are in the machine's fonts or,
 * where it has none, in {@link BitmapFont}'s.
 *
 * @param title of the picture
 * @param unit of the values, such as "ms"
 * @param series what the parts of a bar are, from its left end
 * @param groups at least one
 */
public record BarChart(String title, String unit, List<Series> series, List<Group> groups) {
  private static final int PAPER = 0xFFFFFF;
  private static final int INK = 0x202020;
  private static final int FAINT = 0xE0E0E0;
  private static final int REMARK = 0xC5221F;
  private static final int MARGIN = 16;
  private static final int ROW = 18;
  private static final int BAR = 12;
  private static final int PLOT = 620;
  private static final int VALUE = 110;
  private static final int MAX_LETTERS = 110;
  private static final int MOST_TICKS = 8;

  /** A part that bars have. */
  public record Series(String name, int rgb) {}

  /** Bars under a heading. */
  public record Group(String title, List<Bar> bars) {}

  /**
   * A bar.
   *
   * @param values lengths of its parts, not negative, in the order of the series
   * @param remark stands in place of its value; empty: there is none
   */
  public record Bar(String name, List<Double> values, String remark) {
    double length() {
      return values.stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  private static Lettering letters(String text) {
    return Lettering.smooth(text, MAX_LETTERS);
  }

  /** The picture. */
  public BufferedImage draw() {
    int names = 0;
    double most = 0;
    int rows = 0;
    for (Group group : groups) {
      rows += group.bars.size() + 2;
      for (Bar bar : group.bars) {
        names = Math.max(names, letters(bar.name).width());
        most = Math.max(most, bar.length());
      }
    }
    double step = step(most);
    double end = Math.max(step, step * Math.ceil(most / step - 1e-9));
    int left = 2 * MARGIN + names;
    int top = MARGIN + 3 * ROW;
    Canvas canvas = new Canvas(left + PLOT + VALUE + MARGIN, top + rows * ROW + MARGIN, PAPER);
    text(canvas, title, MARGIN, MARGIN, INK);
    int at = MARGIN;
    for (Series each : series.size() > 1 ? series : List.<Series>of()) {
      canvas.fill(at, MARGIN + ROW + 2, 10, 10, each.rgb);
      text(canvas, each.name, at + 14, MARGIN + ROW, INK);
      at += 14 + letters(each.name).width() + MARGIN;
    }
    for (int tick = 0; tick * step <= end + step / 2; tick++) {
      int x = left + (int) Math.round(PLOT * tick * step / end);
      canvas.fill(x, top - 4, 1, rows * ROW + 4, FAINT);
      String label = number(tick * step, step) + (tick == 0 ? "" : " " + unit);
      text(canvas, label, x - letters(label).width() / 2, top - ROW, INK);
    }
    int y = top;
    for (Group group : groups) {
      text(canvas, group.title, MARGIN, y + ROW / 2, INK);
      y += ROW + ROW / 2;
      for (Bar bar : group.bars) {
        bar(canvas, bar, left, y, PLOT / end, step / 100);
        y += ROW;
      }
      y += ROW / 2;
    }
    return canvas.image();
  }

  private void bar(Canvas canvas, Bar bar, int left, int top, double scale, double precision) {
    text(canvas, bar.name, left - MARGIN / 2 - letters(bar.name).width(), top, INK);
    double from = 0;
    for (int i = 0; i < bar.values.size(); i++) {
      double to = from + bar.values.get(i);
      int x = left + (int) Math.round(from * scale);
      int width = left + (int) Math.round(to * scale) - x;
      canvas.fill(x, top + 1, width, BAR, series.get(i).rgb);
      from = to;
    }
    boolean remarked = !bar.remark.isEmpty();
    String value = remarked ? bar.remark : number(from, precision) + " " + unit;
    text(canvas, value, left + (int) Math.round(from * scale) + 6, top, remarked ? REMARK : INK);
  }

  private static void text(Canvas canvas, String text, int left, int top, int ink) {
    letters(text).draw(canvas, Math.max(0, left), top + 2, PAPER, ink);
  }

  /** 1, 2 or 5 times a power of ten, so that there are few ticks. */
  static double step(double most) {
    if (!(most > 0)) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(most)) - 1);
    for (int factor : new int[] {1, 2, 5, 10, 20}) {
      if (most / (factor * power) <= MOST_TICKS) {
        return factor * power;
      }
    }
    return 50 * power;
  }

  /** With as many decimals as the precision has. */
  private static String number(double value, double precision) {
    int decimals = Math.clamp((int) Math.ceil(-Math.log10(precision) - 1e-9), 0, 6);
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
