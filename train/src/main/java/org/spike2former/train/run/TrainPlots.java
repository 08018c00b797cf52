package org.spike2former.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.spike2former.tensor.io.AtomicFile;

/**
 * Curves of a {@link TrainLog} as PNG: {@code loss.png}, {@code lr.png} and {@code miou.png},
 * {@code mdice.png} or {@code pq.png}.
 */
public final class TrainPlots {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 500;
  private static final int MAX_POINTS = 600;
  private static final int TICK_SPACING = 90;
  private static final List<String> PARTS = List.of("loss_cls", "loss_mask", "loss_dice");

  private TrainPlots() {}

  /**
   * Draws what the log has so far.
   *
   * @throws IOException naming the file if one cannot be written
   * @throws IllegalStateException if this JVM cannot draw, for example for want of fonts
   */
  public static void write(Path folder, List<JsonNode> entries) throws IOException {
    try {
      save(loss(entries), folder.resolve("loss.png"));
      save(rate(entries), folder.resolve("lr.png"));
      XYChart quality = chart("Evaluation: mIoU", "mIoU, %");
      add(quality, "mIoU", entries, "miou", 100);
      save(quality, folder.resolve("miou.png"));
      XYChart dice = chart("Evaluation: mDice", "mDice, %");
      add(dice, "mDice", entries, "mdice", 100);
      save(dice, folder.resolve("mdice.png"));
      XYChart panoptic = chart("Evaluation: panoptic quality", "%");
      add(panoptic, "PQ", entries, "pq", 100);
      add(panoptic, "SQ", entries, "sq", 100);
      add(panoptic, "RQ", entries, "rq", 100);
      save(panoptic, folder.resolve("pq.png"));
    } catch (LinkageError | InternalError | RuntimeException e) {
      throw new IllegalStateException("plots cannot be drawn on this machine: " + e, e);
    }
  }

  /**
   * The parts are sums over the decoder's states with their weights, and the total is their sum
   * times a factor ({@code scale}, over the states with {@code average_states}); with that factor
   * they add up.
   */
  private static XYChart loss(List<JsonNode> entries) {
    double factor =
        entries.stream()
            .filter(e -> PARTS.stream().allMatch(part -> e.path(part).isNumber()))
            .filter(e -> e.path("loss").isNumber())
            .mapToDouble(e -> e.get("loss").asDouble() / sum(e))
            .filter(Double::isFinite)
            .findFirst()
            .orElse(1);
    boolean plain = Math.abs(factor - 1) < 1e-6;
    String times = plain ? "" : String.format(Locale.ROOT, " × %.3g", factor);
    XYChart chart =
        chart("Loss: the total is the sum of its parts" + (plain ? "" : "," + times), "loss");
    add(chart, "total", entries, "loss", 1);
    add(chart, "classes" + times, entries, "loss_cls", factor);
    add(chart, "masks (focal)" + times, entries, "loss_mask", factor);
    add(chart, "masks (dice)" + times, entries, "loss_dice", factor);
    return chart;
  }

  private static double sum(JsonNode entry) {
    return PARTS.stream().mapToDouble(part -> entry.get(part).asDouble()).sum();
  }

  /** In units of a power of ten, because XChart has no round ticks for small numbers. */
  private static XYChart rate(List<JsonNode> entries) {
    double most = entries.stream().mapToDouble(e -> e.path("lr").asDouble(0)).max().orElse(0);
    int power = most > 0 ? (int) Math.floor(Math.log10(most)) : 0;
    XYChart chart =
        chart("Learning rate", power == 0 ? "learning rate" : "learning rate, in 1e" + power);
    add(chart, "learning rate", entries, "lr", Double.parseDouble("1e" + -power));
    return chart;
  }

  private static XYChart chart(String title, String yTitle) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("step")
            .yAxisTitle(yTitle)
            .build();
    XYStyler styler = chart.getStyler();
    styler.setLegendPosition(LegendPosition.OutsideS).setLegendLayout(LegendLayout.Horizontal);
    styler.setLegendBorderColor(Color.WHITE).setChartBackgroundColor(Color.WHITE);
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
    styler.setPlotBorderVisible(false);
    styler.setLocale(Locale.ENGLISH);
    styler.setMarkerSize(5);
    styler.setXAxisTickMarkSpacingHint(TICK_SPACING).setYAxisTickMarkSpacingHint(TICK_SPACING / 2);
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    styler.setPlotGridLinesColor(new Color(0xE0E0E0)).setPlotGridLinesStroke(new BasicStroke(1));
    styler.setYAxisMin(0.0);
    return chart;
  }

  /** A long curve is drawn as means over equal numbers of entries. */
  private static void add(
      XYChart chart, String name, List<JsonNode> entries, String key, double factor) {
    List<JsonNode> having = entries.stream().filter(e -> e.path(key).isNumber()).toList();
    if (having.isEmpty()) {
      return;
    }
    int block = (having.size() + MAX_POINTS - 1) / MAX_POINTS;
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (int from = 0; from < having.size(); from += block) {
      List<JsonNode> part = having.subList(from, Math.min(from + block, having.size()));
      x.add(part.stream().mapToLong(e -> e.get("step").asLong()).average().orElse(0));
      y.add(factor * part.stream().mapToDouble(e -> e.get(key).asDouble()).average().orElse(0));
    }
    chart
        .addSeries(name, x, y)
        .setMarker(x.size() > 50 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
  }

  private static void save(XYChart chart, Path file) throws IOException {
    if (chart.getSeriesMap().isEmpty()) {
      return;
    }
    chart.getStyler().setLegendVisible(chart.getSeriesMap().size() > 1);
    BufferedImage image = BitmapEncoder.getBufferedImage(chart);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    AtomicFile.write(file, bytes.toByteArray());
  }
}
