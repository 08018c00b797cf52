package org.spike2former.cli.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.spike2former.model.network.PartNames;
import org.spike2former.snn.firing.LayerFiring;
import org.spike2former.tensor.NetworkPart;

/** Bars for every neuron layer, in panels one below the other, because there are hundreds. */
public final class FiringPlots {
  private static final int WIDTH = 1500;
  private static final int HEIGHT = 520;
  private static final int BARS = 48;
  private static final Color BLUE = new Color(0x3b6fb6);
  private static final Color ORANGE = new Color(0xe08a2e);

  private FiringPlots() {}

  /** What is drawn of each layer, stacked in this order. */
  private record Series(String name, Color colour, ToDoubleFunction<LayerFiring> percent) {}

  private record Panel(String title, String prefix, List<LayerFiring> layers) {}

  /** Firing rate and share of neurons that fire at all. */
  public static BufferedImage rates(List<LayerFiring> layers) {
    Series rate = new Series("R = mean(k)/D", BLUE, layer -> 100 * layer.rate());
    Series rest =
        new Series(
            "k > 0: whole bar", ORANGE, layer -> 100 * Math.max(0, layer.nonZero() - layer.rate()));
    return draw("Firing rate", "%", layers, List.of(rate, rest));
  }

  /** Channels that fired nowhere, and those that fired D everywhere, of layers that have some. */
  public static BufferedImage channels(List<LayerFiring> layers) {
    Series silent =
        new Series("silent", BLUE, layer -> 100.0 * layer.silentChannels() / layer.channels());
    Series saturated =
        new Series(
            "saturated", ORANGE, layer -> 100.0 * layer.saturatedChannels() / layer.channels());
    List<LayerFiring> dead =
        layers.stream().filter(l -> l.silentChannels() + l.saturatedChannels() > 0).toList();
    return draw(
        dead.isEmpty() ? "No dead channels" : "Layers with dead channels",
        "% of channels",
        dead.isEmpty() ? layers : dead,
        List.of(silent, saturated));
  }

  private static BufferedImage draw(
      String title, String unit, List<LayerFiring> layers, List<Series> series) {
    List<Panel> panels = panels(layers);
    double most =
        layers.stream()
            .mapToDouble(
                layer -> series.stream().mapToDouble(s -> s.percent.applyAsDouble(layer)).sum())
            .max()
            .orElse(0);
    double top = Math.max(5, 5 * Math.ceil(most / 5));
    BufferedImage all =
        new BufferedImage(WIDTH, HEIGHT * panels.size(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = all.createGraphics();
    for (int i = 0; i < panels.size(); i++) {
      Panel panel = panels.get(i);
      BufferedImage chart =
          BitmapEncoder.getBufferedImage(
              chart(title + ": " + panel.title, unit, top, panel, series));
      graphics.drawImage(chart, 0, i * HEIGHT, null);
    }
    graphics.dispose();
    return all;
  }

  /** Consecutive layers of one part, in rows of about equal length. */
  private static List<Panel> panels(List<LayerFiring> layers) {
    Map<Optional<NetworkPart>, List<LayerFiring>> byPart = new LinkedHashMap<>();
    for (LayerFiring layer : layers) {
      byPart.computeIfAbsent(PartNames.of(layer.name()), _ -> new ArrayList<>()).add(layer);
    }
    List<Panel> panels = new ArrayList<>();
    byPart.forEach(
        (part, of) -> {
          int rows = Math.ceilDiv(of.size(), BARS);
          for (int row = 0; row < rows; row++) {
            int from = of.size() * row / rows;
            int to = of.size() * (row + 1) / rows;
            String count = rows == 1 ? "" : " (" + (row + 1) + " of " + rows + ")";
            String name = part.map(NetworkPart::title).orElse("network");
            String prefix = part.map(PartNames::prefix).orElse("");
            panels.add(new Panel(name + count, prefix, of.subList(from, to)));
          }
        });
    return panels;
  }

  private static CategoryChart chart(
      String title, String unit, double top, Panel panel, List<Series> series) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .yAxisTitle(unit)
            .build();
    CategoryStyler styler = chart.getStyler();
    styler.setStacked(true).setAvailableSpaceFill(0.8 * Math.min(1, panel.layers.size() / 20.0));
    styler.setLegendPosition(LegendPosition.OutsideE).setChartBackgroundColor(Color.WHITE);
    styler.setXAxisLabelRotation(90).setYAxisMin(0.0).setYAxisMax(top);
    styler.setLocale(Locale.ENGLISH);
    styler.setXAxisLabelAlignmentVertical(TextAlignment.Right).setAxisTickPadding(8);
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    List<String> names = panel.layers.stream().map(layer -> label(layer, panel.prefix)).toList();
    for (Series s : series) {
      List<Double> values =
          panel.layers.stream().map(layer -> s.percent.applyAsDouble(layer)).toList();
      chart.addSeries(s.name, names, values).setFillColor(s.colour);
    }
    return chart;
  }

  /** A dash towards the axis, because XChart cuts the last pixels off. */
  private static String label(LayerFiring layer, String prefix) {
    return layer.name().substring(prefix.length()) + " –";
  }
}
