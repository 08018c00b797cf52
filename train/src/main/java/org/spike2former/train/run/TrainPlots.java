package org.spike2former.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
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
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.spike2former.tensor.io.AtomicFile;

/**
 * Curves of a {@link TrainLog} as PNG: {@code loss.png}, {@code lr.png} and {@code miou.png} or
 * {@code pq.png}.
 */
public final class TrainPlots {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 500;
  private static final int MAX_POINTS = 600;

  private TrainPlots() {}

  /**
   * Draws what the log has so far.
   *
   * @throws IOException naming the file if one cannot be written
   * @throws IllegalStateException if this JVM cannot draw, for example for want of fonts
   */
  public static void write(Path folder, List<JsonNode> entries) throws IOException {
    try {
      XYChart loss = chart("Loss", "loss");
      add(loss, "total", entries, "loss");
      add(loss, "classes", entries, "loss_cls");
      add(loss, "masks", entries, "loss_mask");
      add(loss, "dice", entries, "loss_dice");
      save(loss, folder.resolve("loss.png"));
      XYChart rate = chart("Learning rate", "learning rate");
      add(rate, "learning rate", entries, "lr");
      save(rate, folder.resolve("lr.png"));
      XYChart quality = chart("Evaluation", "share");
      add(quality, "mIoU", entries, "miou");
      save(quality, folder.resolve("miou.png"));
      XYChart panoptic = chart("Evaluation", "share");
      add(panoptic, "PQ", entries, "pq");
      add(panoptic, "SQ", entries, "sq");
      add(panoptic, "RQ", entries, "rq");
      save(panoptic, folder.resolve("pq.png"));
    } catch (LinkageError | InternalError | RuntimeException e) {
      throw new IllegalStateException("plots cannot be drawn on this machine: " + e, e);
    }
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
    chart.getStyler().setLegendPosition(LegendPosition.InsideNE).setMarkerSize(5);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLocale(Locale.ENGLISH);
    return chart;
  }

  /** A long curve is drawn as means over equal numbers of entries. */
  private static void add(XYChart chart, String name, List<JsonNode> entries, String key) {
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
      y.add(part.stream().mapToDouble(e -> e.get(key).asDouble()).average().orElse(0));
    }
    chart
        .addSeries(name, x, y)
        .setMarker(x.size() > 50 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
  }

  private static void save(XYChart chart, Path file) throws IOException {
    if (chart.getSeriesMap().isEmpty()) {
      return;
    }
    BufferedImage image = BitmapEncoder.getBufferedImage(chart);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    AtomicFile.write(file, bytes.toByteArray());
  }
}
