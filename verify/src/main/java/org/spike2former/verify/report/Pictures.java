package org.spike2former.verify.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.ErrorDetails;
import org.spike2former.verify.compare.FlipMap;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;

/** Pictures that a page holds itself: SVG, and PNG as data. */
final class Pictures {
  /** Powers of ten that pictures show; what lies outside is drawn at the edge. */
  private static final int LOWEST = -18;

  private static final int HIGHEST = 0;

  private Pictures() {}

  /** How many errors there are of each power of ten, on a logarithmic scale. */
  static String histogram(ErrorDetails details, double tolerance) {
    int bar = 4;
    int height = 20;
    StringBuilder out = new StringBuilder();
    StringBuilder title = new StringBuilder();
    double most = Math.log1p(Math.max(1, details.zeros()));
    for (ErrorDetails.Bin bin : details.histogram()) {
      most = Math.max(most, Math.log1p(bin.count()));
    }
    if (details.zeros() > 0) {
      title.append("0: ").append(details.zeros());
      out.append(bar("zero", 0, bar, height, Math.log1p(details.zeros()) / most));
    }
    for (ErrorDetails.Bin bin : details.histogram()) {
      title.append(title.isEmpty() ? "" : ", ");
      title.append("1e").append(bin.exponent()).append(": ").append(bin.count());
      int x = (Math.clamp(bin.exponent(), LOWEST, HIGHEST) - LOWEST + 2) * bar;
      out.append(bar("error", x, bar, height, Math.log1p(bin.count()) / most));
    }
    int width = (HIGHEST - LOWEST + 3) * bar;
    double limit = (log(tolerance) - LOWEST + 2) * bar;
    return svg(width, height, title.toString())
        + line("axis", 0, height, width, height)
        + out
        + line("tolerance", limit, 0, limit, height)
        + "</svg>";
  }

  private static String bar(String type, double x, int width, int height, double share) {
    double tall = share * (height - 1);
    return String.format(
        Locale.ROOT,
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>",
        type,
        x,
        height - tall,
        width - 1,
        tall);
  }

  /** The greatest error of every tensor of real numbers, in the order of the network. */
  static String errors(Section section, TensorComparison first) {
    List<TensorComparison> rows =
        section.rows().stream().filter(row -> row.kind() != ComparisonKind.SPIKES).toList();
    int left = 40;
    int height = 170;
    int decade = height / (HIGHEST - LOWEST + 1);
    double step = Math.min(12, 900.0 / Math.max(1, rows.size()));
    int width = left + (int) Math.ceil(step * rows.size()) + 10;
    StringBuilder out = new StringBuilder(svg(width, height + 4, ""));
    for (int exponent = LOWEST; exponent <= HIGHEST; exponent += 3) {
      double y = (HIGHEST - exponent) * decade + 8;
      out.append(line("grid", left, y, width, y));
      out.append(
          String.format(
              Locale.ROOT, "<text x=\"%d\" y=\"%.1f\">1e%d</text>", left - 4, y + 3, exponent));
    }
    out.append(level("noise", section.noise(), left, width, decade));
    out.append(level("tolerance", section.tolerance(), left, width, decade));
    for (int i = 0; i < rows.size(); i++) {
      TensorComparison row = rows.get(i);
      String type = row == first ? "first" : row.pass() ? "error" : "bad";
      out.append(
          String.format(
              Locale.ROOT,
              "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"><title>%s:"
                  + " %s</title></circle>",
              type,
              left + (i + 0.5) * step,
              y(row.maxRelError(), decade),
              row == first ? "5" : "2",
              Html.escape(row.name()),
              ReportText.number(row.maxRelError())));
    }
    return out.append("</svg>").toString();
  }

  private static String level(String type, double error, int left, int width, int decade) {
    double y = y(error, decade);
    return error == 0 ? "" : line(type, left, y, width, y);
  }

  private static double y(double error, int decade) {
    return (HIGHEST - log(error)) * decade + 8;
  }

  private static double log(double error) {
    double log = Double.isNaN(error) ? HIGHEST : error == 0 ? LOWEST : Math.log10(error);
    return Math.clamp(log, LOWEST, HIGHEST);
  }

  private static String svg(int width, int height, String title) {
    return String.format(
            Locale.ROOT,
            "<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">",
            width,
            height,
            width,
            height)
        + (title.isEmpty() ? "" : "<title>" + Html.escape(title) + "</title>");
  }

  private static String line(String type, double x1, double y1, double x2, double y2) {
    return String.format(
        Locale.ROOT,
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
        type,
        x1,
        y1,
        x2,
        y2);
  }

  /** Cells with differing spikes, from yellow for one to red for the most; the others are grey. */
  static String map(FlipMap map) {
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
    return String.format(
        Locale.ROOT,
        "<img alt=\"where spikes differ\" width=\"%d\" height=\"%d\""
            + " src=\"data:image/png;base64,%s\">",
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
