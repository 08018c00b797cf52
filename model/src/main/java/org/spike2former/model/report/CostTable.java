package org.spike2former.model.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.NetworkCost;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.model.network.PartNames;
import org.spike2former.snn.energy.EnergyCosts;
import org.spike2former.snn.energy.EnergyModel;
import org.spike2former.snn.energy.LayerCost;
import org.spike2former.tensor.NetworkPart;

/** The layers of a network by part, and by stage within backbone, neck and pixel decoder. */
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
    /** Multiply-adds of all its layers. */
    public long macs() {
      return layers.stream().mapToLong(layer -> layer.spiking.macs()).sum();
    }

    /** The sum over its layers on spikes. */
    public double sum(ToDoubleFunction<LayerCost> ofLayer) {
      return layers.stream().mapToDouble(layer -> ofLayer.applyAsDouble(layer.spiking)).sum();
    }

    /** The sum over its layers on real numbers. */
    public double annSum(ToDoubleFunction<LayerCost> ofLayer) {
      return layers.stream().mapToDouble(layer -> ofLayer.applyAsDouble(layer.ann)).sum();
    }
  }

  private static final Set<NetworkPart> STAGED =
      EnumSet.of(NetworkPart.BACKBONE, NetworkPart.NECK, NetworkPart.PIXEL_DECODER);

  private CostTable() {}

  /**
   * The layers of a network.
   *
   * @param allStates whether the head and the masks are those of all query states, as in training
   * @param height of the network's input
   * @param width of the network's input
   */
  public static List<LayerCosts> layers(
      ModelConfig config, int height, int width, boolean allStates) {
    List<LayerCost> spiking = count(config, height, width, allStates);
    List<LayerCost> ann =
        config.backbone().timeSteps() == 1
            ? spiking
            : count(NetworkCost.oneTimeStep(config), height, width, allStates);
    return IntStream.range(0, spiking.size())
        .mapToObj(i -> new LayerCosts(spiking.get(i), ann.get(i)))
        .toList();
  }

  private static List<LayerCost> count(
      ModelConfig config, int height, int width, boolean allStates) {
    return allStates
        ? NetworkCost.ofAllStates(config, height, width)
        : NetworkCost.ofInference(config, height, width);
  }

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
          if (of.isEmpty()) {
            return; // of the other kind of network
          }
          rows.add(new PartCost(part.title(), false, parameters.count(part), of));
          if (STAGED.contains(part)) {
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

  /** What operations cost, in pJ, and who says so. */
  public static ObjectNode json(EnergyCosts costs) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", costs.name())
        .put("mac_pj", costs.mac())
        .put("ac_pj", costs.ac())
        .put("source", costs.source());
  }

  /**
   * An object for each row: its name, multiply-adds, parameters, and energy in mJ, on spikes where
   * the model knows their rates.
   *
   * @param withStage whether it says which rows are stages
   */
  public static ArrayNode json(List<PartCost> rows, EnergyModel energy, boolean withStage) {
    List<Column<PartCost>> columns = new ArrayList<>();
    columns.add(Column.of("name", PartCost::title));
    columns.add(Column.of("macs", PartCost::macs));
    columns.add(Column.of("parameters", PartCost::parameters));
    if (energy.meanSpikes() != null) {
      columns.add(Column.of("acs", row -> row.sum(energy::accumulates)));
      columns.add(Column.of("energy_mj", row -> row.sum(energy::energy)));
      columns.add(Column.of("unfolded_energy_mj", row -> row.sum(energy::unfoldedEnergy)));
    }
    columns.add(Column.of("ann_energy_mj", row -> row.annSum(energy::annEnergy)));
    if (withStage) {
      columns.add(Column.of("stage", PartCost::stage));
    }
    return new Table<>(columns, rows).json();
  }
}
