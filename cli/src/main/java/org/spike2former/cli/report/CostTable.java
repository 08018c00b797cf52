package org.spike2former.cli.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.model.network.PartNames;
import org.spike2former.snn.energy.LayerCost;
import org.spike2former.tensor.NetworkPart;

/** The layers of a network by part, and by stage within backbone and pixel decoder. */
public final class CostTable {
  /**
   * A layer.
   *
   * @param spiking its cost on spikes
   * @param ann its cost in a network on real numbers, which needs no time steps
   */
  public record LayerCosts(LayerCost spiking, LayerCost ann) {}

  /**
   * A part of the network, or a stage of a part.
   *
   * @param stage whether it belongs to the part above it
   * @param parameters trainable numbers
   */
  public record PartCost(String title, boolean stage, long parameters, List<LayerCosts> layers) {
    long macs() {
      return layers.stream().mapToLong(layer -> layer.spiking.macs()).sum();
    }

    double sum(ToDoubleFunction<LayerCost> ofLayer) {
      return layers.stream().mapToDouble(layer -> ofLayer.applyAsDouble(layer.spiking)).sum();
    }

    double annSum(ToDoubleFunction<LayerCost> ofLayer) {
      return layers.stream().mapToDouble(layer -> ofLayer.applyAsDouble(layer.ann)).sum();
    }
  }

  private CostTable() {}

  /** All layers as one row. */
  public static PartCost total(String title, List<LayerCosts> layers, ParameterSet parameters) {
    return new PartCost(title, false, parameters.count(""), layers);
  }

  /** The parts in the order of the network, each before its stages. */
  public static List<PartCost> rows(List<LayerCosts> layers, ParameterSet parameters) {
    Map<NetworkPart, List<LayerCosts>> byPart = new EnumMap<>(NetworkPart.class);
    for (NetworkPart part : NetworkPart.values()) {
      byPart.put(part, new ArrayList<>());
    }
    for (LayerCosts layer : layers) {
      byPart.get(PartNames.of(layer.spiking.name()).orElseThrow()).add(layer);
    }
    List<PartCost> rows = new ArrayList<>();
    byPart.forEach(
        (part, of) -> {
          rows.add(new PartCost(part.title(), false, parameters.count(part), of));
          if (part == NetworkPart.BACKBONE || part == NetworkPart.PIXEL_DECODER) {
            rows.addAll(stages(PartNames.prefix(part), of, parameters));
          }
        });
    return rows;
  }

  private static List<PartCost> stages(
      String prefix, List<LayerCosts> layers, ParameterSet parameters) {
    Map<String, List<LayerCosts>> byStage = new LinkedHashMap<>();
    for (LayerCosts layer : layers) {
      String stage = layer.spiking.name().substring(prefix.length()).replaceFirst("\\..*", "");
      byStage.computeIfAbsent(stage, _ -> new ArrayList<>()).add(layer);
    }
    List<PartCost> rows = new ArrayList<>();
    byStage.forEach(
        (stage, of) ->
            rows.add(new PartCost(stage, true, parameters.count(prefix + stage + "."), of)));
    return rows;
  }
}
