package org.spike2former.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.snn.energy.LayerCost;

/** The layers of a network by part, and by stage within backbone and pixel decoder. */
public final class CostTable {
  private static final Map<String, String> PARTS = new LinkedHashMap<>();

  static {
    PARTS.put("backbone.", "backbone");
    PARTS.put("decode_head.pixel_decoder.", "pixel decoder");
    PARTS.put("decode_head.transformer_decoder.", "transformer decoder");
    PARTS.put("decode_head.mask_product", "mask products");
    PARTS.put("decode_head.", "queries and mask embedding");
    PARTS.put("semantic_product", "semantic product");
  }

  /**
   * A layer.
   *
   * @param spiking its cost on spikes
   * @param ann its cost in a network on real numbers, which needs no time steps
   */
  public record Layer(LayerCost spiking, LayerCost ann) {}

  /**
   * A part of the network, or a stage of a part.
   *
   * @param stage whether it belongs to the part above it
   * @param parameters trainable numbers
   */
  public record Row(String title, boolean stage, long parameters, List<Layer> layers) {
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
  public static Row total(String title, List<Layer> layers, ParameterSet parameters) {
    return new Row(title, false, parameters.count(""), layers);
  }

  /** The parts in the order of the network, each before its stages. */
  public static List<Row> rows(List<Layer> layers, ParameterSet parameters) {
    Map<String, List<Layer>> byPart = new LinkedHashMap<>();
    PARTS.keySet().forEach(prefix -> byPart.put(prefix, new ArrayList<>()));
    for (Layer layer : layers) {
      byPart.get(prefix(layer.spiking.name())).add(layer);
    }
    List<Row> rows = new ArrayList<>();
    byPart.forEach(
        (prefix, of) -> {
          rows.add(new Row(PARTS.get(prefix), false, parameters(parameters, prefix), of));
          if (prefix.equals("backbone.") || prefix.endsWith("pixel_decoder.")) {
            rows.addAll(stages(prefix, of, parameters));
          }
        });
    return rows;
  }

  private static String prefix(String name) {
    return PARTS.keySet().stream().filter(name::startsWith).findFirst().orElseThrow();
  }

  /** The head's own are those of no other part. */
  private static long parameters(ParameterSet parameters, String prefix) {
    long count = parameters.count(prefix);
    return prefix.equals("decode_head.")
        ? count
            - parameters.count("decode_head.pixel_decoder.")
            - parameters.count("decode_head.transformer_decoder.")
        : count;
  }

  private static List<Row> stages(String prefix, List<Layer> layers, ParameterSet parameters) {
    Map<String, List<Layer>> byStage = new LinkedHashMap<>();
    for (Layer layer : layers) {
      String stage = layer.spiking.name().substring(prefix.length()).replaceFirst("\\..*", "");
      byStage.computeIfAbsent(stage, any -> new ArrayList<>()).add(layer);
    }
    List<Row> rows = new ArrayList<>();
    byStage.forEach(
        (stage, of) -> rows.add(new Row(stage, true, parameters.count(prefix + stage + "."), of)));
    return rows;
  }
}
