package org.spike2former.bench;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.spike2former.data.image.ImageFiles;

/**
 * Draws what {@link ClusterStep} foretells for the ADE20K recipe: images per second on 1 to 64
 * workers of 16 cores, for several lengths of a step.
 */
public final class ClusterCostChart {
  private static final int MOST_WORKERS = 64;
  private static final int IMAGES_OF_A_BATCH = 6;
  private static final int[] BATCHES = {8, 16, 32, 64};
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;

  private ClusterCostChart() {}

  /** Argument: the PNG to write; the same as a table goes to standard output. */
  public static void main(String[] args) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("ADE20K, SDTv2 15M, batches of 6 images, workers of 16 cores, 10 Gbit/s")
            .xAxisTitle("workers")
            .yAxisTitle("images per second")
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(LegendPosition.InsideNW);
    chart.getStyler().setXAxisLogarithmic(false).setLocale(Locale.ENGLISH);
    double[] workers = IntStream.rangeClosed(1, MOST_WORKERS).asDoubleStream().toArray();
    for (int batches : BATCHES) {
      double[] rates =
          IntStream.rangeClosed(1, MOST_WORKERS)
              .mapToDouble(count -> rate(count, batches))
              .toArray();
      chart.addSeries("accumulate: " + batches, workers, rates).setMarker(SeriesMarkers.NONE);
      print(batches);
    }
    ImageFiles.writePng(BitmapEncoder.getBufferedImage(chart), Path.of(args[0]));
  }

  private static void print(int batches) {
    StringBuilder row = new StringBuilder("| " + batches + " |");
    for (int workers = 1; workers <= MOST_WORKERS; workers *= 2) {
      row.append(String.format(Locale.ROOT, " %.2f |", rate(workers, batches)));
    }
    System.out.println(row);
  }

  private static double rate(int workers, int batches) {
    return IMAGES_OF_A_BATCH * batches / ClusterStep.ADE20K.seconds(workers, batches);
  }
}
