package org.spike2former.cli.report;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.spike2former.data.picture.BarChart;
import org.spike2former.model.network.PartNames;
import org.spike2former.snn.firing.LayerFiring;
import org.spike2former.tensor.NetworkPart;

/** Bars for every neuron layer, by part of the network. */
public final class FiringPlots {
  private static final int BLUE = 0x3B6FB6;
  private static final int ORANGE = 0xE08A2E;

  private FiringPlots() {}

  /** Firing rate and share of neurons that fire at all; layers that never fire are marked. */
  public static BufferedImage rates(List<LayerFiring> layers) {
    long silent = layers.stream().filter(layer -> layer.nonZero() == 0).count();
    return draw(
        "Firing rate; layers that never fired: " + silent,
        List.of(
            new BarChart.Series("R = mean(k)/D", BLUE),
            new BarChart.Series("k > 0: whole bar", ORANGE)),
        layers,
        layer -> List.of(100 * layer.rate(), 100 * Math.max(0, layer.nonZero() - layer.rate())),
        layer -> layer.nonZero() == 0 ? "silent" : "");
  }

  /** Channels that fired nowhere, and those that fired D everywhere, of layers that have some. */
  public static BufferedImage channels(List<LayerFiring> layers) {
    List<LayerFiring> dead =
        layers.stream().filter(l -> l.silentChannels() + l.saturatedChannels() > 0).toList();
    return draw(
        dead.isEmpty() ? "No dead channels" : "Layers with dead channels, % of their channels",
        List.of(new BarChart.Series("silent", BLUE), new BarChart.Series("saturated", ORANGE)),
        dead,
        layer ->
            List.of(
                100.0 * layer.silentChannels() / layer.channels(),
                100.0 * layer.saturatedChannels() / layer.channels()),
        _ -> "");
  }

  private static BufferedImage draw(
      String title,
      List<BarChart.Series> series,
      List<LayerFiring> layers,
      Function<LayerFiring, List<Double>> values,
      Function<LayerFiring, String> remark) {
    Map<Optional<NetworkPart>, List<LayerFiring>> byPart = new LinkedHashMap<>();
    for (LayerFiring layer : layers) {
      byPart.computeIfAbsent(PartNames.of(layer.name()), _ -> new ArrayList<>()).add(layer);
    }
    List<BarChart.Group> groups = new ArrayList<>();
    byPart.forEach(
        (part, of) -> {
          int prefix = part.map(PartNames::prefix).orElse("").length();
          groups.add(
              new BarChart.Group(
                  part.map(NetworkPart::title).orElse("network"),
                  of.stream()
                      .map(
                          layer ->
                              new BarChart.Bar(
                                  layer.name().substring(prefix),
                                  values.apply(layer),
                                  remark.apply(layer)))
                      .toList()));
        });
    return new BarChart(title, "%", series, groups).draw();
  }
}
