package org.spike2former.cli.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.picture.BarChart;
import org.spike2former.model.network.PartNames;

/** The slowest layers as a bar chart. */
public final class LayerChart {
  private static final int BARS = 30;
  private static final int BLUE = 0x3B6FB6;

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
    List<BarChart.Bar> bars = new ArrayList<>();
    for (int i = 0; i < Math.min(BARS, layers.size()); i++) {
      bars.add(bar(label(layers.get(i)), seconds[i]));
    }
    if (layers.size() > BARS) {
      double rest = Arrays.stream(seconds).skip(BARS).sum();
      bars.add(bar("all " + (layers.size() - BARS) + " others", rest));
    }
    BarChart chart =
        new BarChart(
            title,
            "ms",
            List.of(new BarChart.Series("time", BLUE)),
            List.of(new BarChart.Group("the slowest layers", bars)));
    ImageFiles.writePng(chart.draw(), file);
  }

  private static BarChart.Bar bar(String name, double seconds) {
    return new BarChart.Bar(name, List.of(1e3 * seconds), "");
  }

  /** The end of a layer's path and its shape. */
  private static String label(LayerTimes.OperationTime row) {
    String name = PartNames.withinModule(row.name);
    return row.shape.isEmpty() ? name : name + "  " + row.shape;
  }
}
