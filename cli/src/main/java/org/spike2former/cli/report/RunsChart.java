package org.spike2former.cli.report;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.spike2former.cli.report.RunComparison.Run;
import org.spike2former.train.report.RunRecord.Score;

/** The evaluations of runs over their steps, one line for each. */
public final class RunsChart {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 560;

  /** Lines that can be told apart; the names of the legend begin with the best run. */
  private static final int MOST = 12;

  private RunsChart() {}

  /**
   * Draws the chart.
   *
   * @throws IllegalArgumentException if no run was evaluated yet
   * @throws IllegalStateException if this JVM cannot draw, for example for want of fonts
   */
  public static BufferedImage draw(RunComparison comparison) {
    List<Run> runs = comparison.runs().stream().filter(run -> run.record().best() != null).toList();
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("--chart: none of the runs has been evaluated yet");
    }
    try {
      XYChart chart =
          new XYChartBuilder()
              .width(WIDTH)
              .height(HEIGHT)
              .title(
                  runs.size() > MOST ? "The best " + MOST + " of " + runs.size() + " runs" : "Runs")
              .xAxisTitle("step")
              .yAxisTitle(runs.getFirst().record().measure().title() + " (%)")
              .build();
      chart
          .getStyler()
          .setLegendPosition(LegendPosition.OutsideS)
          .setMarkerSize(6)
          .setDecimalPattern("#,##0.##");
      chart.getStyler().setChartBackgroundColor(Color.WHITE);
      chart.getStyler().setLocale(Locale.ENGLISH);
      chart.getStyler().setLegendLayout(LegendLayout.Vertical);
      for (Run run : runs.subList(0, Math.min(MOST, runs.size()))) {
        List<Score> scores =
            run.record().scores().stream().filter(score -> !Double.isNaN(score.value())).toList();
        chart
            .addSeries(
                run.name(),
                scores.stream().map(Score::step).toList(),
                scores.stream().map(score -> 100 * score.value()).toList())
            .setMarker(SeriesMarkers.CIRCLE)
            .setLineStyle(SeriesLines.SOLID);
      }
      return BitmapEncoder.getBufferedImage(chart);
    } catch (LinkageError | InternalError | RuntimeException e) {
      throw new IllegalStateException("the chart cannot be drawn on this machine: " + e, e);
    }
  }
}
