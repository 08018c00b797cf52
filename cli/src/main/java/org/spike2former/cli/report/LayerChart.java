package org.spike2former.cli.report;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.model.network.PartNames;

/** The slowest layers as a bar chart. */
public final class LayerChart {
  private static final int BARS = 30;
  private static final int WIDTH = 1200;
  private static final int HEIGHT = 800;

  private LayerChart() {}

  /**
   * Draws a PNG.
   *
   * @param layers the slowest first; what does not fit becomes one bar
   * @param seconds of each layer
   * @throws IOException naming the file if it cannot be written
   */
  public static void write(
      String title, List<LayerTimes.OperationTime> layers, double[] seconds, Path file)
      throws IOException {
    List<String> names = new ArrayList<>();
    List<Double> milliseconds = new ArrayList<>();
    for (int i = 0; i < Math.min(BARS, layers.size()); i++) {
      names.add(label(layers.get(i)));
      milliseconds.add(1e3 * seconds[i]);
    }
    if (layers.size() > BARS) {
      names.add((layers.size() - BARS) + " others");
      milliseconds.add(1e3 * Arrays.stream(seconds).skip(BARS).sum());
    }
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .yAxisTitle("ms")
            .build();
    chart.getStyler().setXAxisLabelRotation(90).setLegendVisible(false);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLocale(Locale.ENGLISH);
    chart.addSeries("ms", names, milliseconds);
    BufferedImage image = BitmapEncoder.getBufferedImage(chart);
    ImageFiles.writePng(image, file);
  }

  /** The end of a layer's path and its shape; labels must differ from each other. */
  private static String label(LayerTimes.OperationTime row) {
    String name = PartNames.withinModule(row.name);
    return row.shape.isEmpty() ? name : name + "  " + row.shape;
  }
}
