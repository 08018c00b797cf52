package org.spike2former.verify.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.ErrorDetails;
import org.spike2former.verify.compare.FlipMap;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;

/**
 * What templates show as pictures that a page holds itself: SVG, and PNG as data. Coordinates are
 * pixels from the upper left.
 */
final class Pictures {
  /** Powers of ten that pictures show; what lies outside is drawn at the edge. */
  private static final int LOWEST = -18;

  private static final int HIGHEST = 0;
  private static final int BAR = 4;
  private static final int BARS_HEIGHT = 20;
  private static final int CHART_LEFT = 40;
  private static final int CHART_HEIGHT = 170;
  private static final int DECADE = CHART_HEIGHT / (HIGHEST - LOWEST + 1);

  private Pictures() {}

  /** A line between two points; {@code type} is its class in the style sheet. */
  record Line(String type, String x1, String y1, String x2, String y2) {
    static Line of(String type, double x1, double y1, double x2, double y2) {
      return new Line(type, pixels(x1), pixels(y1), pixels(x2), pixels(y2));
    }
  }

  /** {@code histogram.mustache}; {@code title} says in words what the bars show. */
  record Histogram(int width, int height, String title, Line axis, List<Bar> bars, Line tolerance) {
    /** A bar from its upper left corner. */
    record Bar(String type, String x, String y, int width, String height) {
      static Bar of(String type, int x, double share) {
        double tall = share * (BARS_HEIGHT - 1);
        return new Bar(type, pixels(x), pixels(BARS_HEIGHT - tall), BAR - 1, pixels(tall));
      }
    }
  }

  /** {@code chart.mustache}. */
  record Chart(int width, int height, List<Decade> decades, List<Line> levels, List<Point> points) {
    /** A line of the grid, and where its label stands. */
    record Decade(Line line, int x, String y, int exponent) {}

    /** The error of a tensor. */
    record Point(String type, String x, String y, int radius, String name, String error) {}
  }

  /** A PNG in base 64, and the size at which it is shown. */
  record Image(int width, int height, String png) {}

  /** How many errors there are of each power of ten, on a logarithmic scale. */
  static Histogram histogram(ErrorDetails details, double tolerance) {
    List<Histogram.Bar> bars = new ArrayList<>();
    List<String> title = new ArrayList<>();
    double most = Math.log1p(Math.max(1, details.zeros()));
    for (ErrorDetails.Bin bin : details.histogram()) {
      most = Math.max(most, Math.log1p(bin.count()));
    }
    if (details.zeros() > 0) {
      title.add("0: " + details.zeros());
      bars.add(Histogram.Bar.of("zero", 0, Math.log1p(details.zeros()) / most));
    }
    for (ErrorDetails.Bin bin : details.histogram()) {
      title.add("1e" + bin.exponent() + ": " + bin.count());
      int x = (Math.clamp(bin.exponent(), LOWEST, HIGHEST) - LOWEST + 2) * BAR;
      bars.add(Histogram.Bar.of("error", x, Math.log1p(bin.count()) / most));
    }
    int width = (HIGHEST - LOWEST + 3) * BAR;
    double limit = (log(tolerance) - LOWEST + 2) * BAR;
    return new Histogram(
        width,
        BARS_HEIGHT,
        title.isEmpty() ? null : String.join(", ", title),
        Line.of("axis", 0, BARS_HEIGHT, width, BARS_HEIGHT),
        bars,
        Line.of("tolerance", limit, 0, limit, BARS_HEIGHT));
  }

  /** The greatest error of every tensor of real numbers, in the order of the network. */
  static Chart chart(Section section, TensorComparison first) {
    List<TensorComparison> rows =
        section.rows().stream().filter(row -> row.kind() != ComparisonKind.SPIKES).toList();
    double step = Math.min(12, 900.0 / Math.max(1, rows.size()));
    int width = CHART_LEFT + (int) Math.ceil(step * rows.size()) + 10;
    List<Chart.Decade> decades = new ArrayList<>();
    for (int exponent = LOWEST; exponent <= HIGHEST; exponent += 3) {
      double y = (HIGHEST - exponent) * DECADE + 8;
      Line line = Line.of("grid", CHART_LEFT, y, width, y);
      decades.add(new Chart.Decade(line, CHART_LEFT - 4, pixels(y + 3), exponent));
    }
    List<Line> levels = new ArrayList<>();
    addLevel(levels, "noise", section.noise(), width);
    addLevel(levels, "tolerance", section.tolerance(), width);
    List<Chart.Point> points = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      TensorComparison row = rows.get(i);
      points.add(
          new Chart.Point(
              row == first ? "first" : row.pass() ? "error" : "bad",
              pixels(CHART_LEFT + (i + 0.5) * step),
              pixels(y(row.maxRelError())),
              row == first ? 5 : 2,
              row.name(),
              ReportText.number(row.maxRelError())));
    }
    return new Chart(width, CHART_HEIGHT + 4, decades, levels, points);
  }

  private static void addLevel(List<Line> levels, String type, double error, int width) {
    if (error != 0) {
      levels.add(Line.of(type, CHART_LEFT, y(error), width, y(error)));
    }
  }

  private static double y(double error) {
    return (HIGHEST - log(error)) * DECADE + 8;
  }

  private static double log(double error) {
    double log = Double.isNaN(error) ? HIGHEST : error == 0 ? LOWEST : Math.log10(error);
    return Math.clamp(log, LOWEST, HIGHEST);
  }

  private static String pixels(double x) {
    return String.format(Locale.ROOT, "%.1f", x);
  }

  /** Cells with differing spikes, from yellow for one to red for the most; the others are grey. */
  static Image map(FlipMap map) {
    BufferedImage image = new BufferedImage(map.columns(), map.rows(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < map.counts().length; i++) {
      image.setRGB(i % map.columns(), i / map.columns(), colour(map.counts()[i], map.most()));
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int scale = Math.max(1, 128 / Math.max(map.columns(), map.rows()));
    return new Image(
        map.columns() * scale,
        map.rows() * scale,
        Base64.getEncoder().encodeToString(png.toByteArray()));
  }

  private static int colour(int count, int most) {
    if (count == 0) {
      return 0xe8eaed;
    }
    int green = (int) Math.round(190 * (1 - Math.log(count) / Math.max(1e-9, Math.log(most + 1))));
    return 0xe00000 | green << 8;
  }
}
