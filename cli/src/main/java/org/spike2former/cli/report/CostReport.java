package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.spike2former.cli.report.CostTable.Layer;
import org.spike2former.cli.report.CostTable.Row;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.snn.energy.EnergyCosts;
import org.spike2former.snn.energy.EnergyModel;
import org.spike2former.snn.energy.LayerCost;

/**
 * What {@code s2f cost} found, as text and JSON.
 *
 * @param source the network as the user named it
 * @param size of the input, in words
 * @param rates where firing rates come from, in words
 * @param rows parts and stages, with all query states
 * @param whole the sum of the parts
 * @param last the same with the last query state alone
 * @param energy without mean spikes where no rates are known
 */
public record CostReport(
    String source,
    ModelConfig config,
    String size,
    String rates,
    List<Row> rows,
    Row whole,
    Row last,
    EnergyModel energy) {
  public void print(boolean listLayers) {
    System.out.printf(
        Locale.ROOT, "%s, %s, T = %d, %s%n%n", source, size, config.backbone().timeSteps(), rates);
    boolean known = energy.meanSpikes() != null;
    System.out.printf(
        Locale.ROOT,
        "%10s %12s%s  %s%n",
        "GMAC",
        "parameters",
        known
            ? String.format(Locale.ROOT, "  %9s %9s %9s %6s", "GAC", "mJ", "ANN mJ", "ratio")
            : "",
        "part");
    List<Row> lines = new ArrayList<>(rows);
    lines.add(whole);
    lines.add(last);
    for (Row row : lines) {
      String columns = known ? energyColumns(row, energy) : "";
      System.out.printf(
          Locale.ROOT,
          "%10.3f %,12d%s  %s%s%n",
          row.macs() / 1e9,
          row.parameters(),
          columns,
          row.stage() ? "  " : "",
          row.title());
    }
    System.out.println();
    System.out.printf(
        Locale.ROOT,
        "in all: masks of the %d query states; as inference runs it: of the last alone%n",
        config.transformerDecoder().layers() + 1);
    EnergyCosts of = energy.costs();
    System.out.printf(Locale.ROOT, "%s: E_MAC %s pJ, E_AC %s pJ%n", of.name(), of.mac(), of.ac());
    if (known) {
      System.out.printf(
          Locale.ROOT,
          "charged for multiplying wherever a layer's own input is real: %.3f mJ, %.3f as inference"
              + " runs it%n",
          whole.sum(energy::unfoldedEnergy),
          last.sum(energy::unfoldedEnergy));
    } else {
      System.out.println("energy with one mean k for all neurons (or measure it: --data):");
      printLine(whole, energy.costs());
      printLine(last, energy.costs());
    }
    if (listLayers) {
      printLayers(whole, energy, known);
    }
  }

  private static String energyColumns(Row row, EnergyModel energy) {
    double spiking = row.sum(energy::energy);
    double ann = row.annSum(energy::annEnergy);
    return String.format(
        Locale.ROOT,
        "  %9.3f %9.3f %9.3f %6s",
        row.sum(energy::accumulates) / 1e9,
        spiking,
        ann,
        ann == 0 ? "" : String.format(Locale.ROOT, "%.3f", spiking / ann));
  }

  /** Energy is a line in the mean k. */
  private static void printLine(Row row, EnergyCosts costs) {
    double atZero = row.sum(new EnergyModel(costs, neuron -> 0)::energy);
    double atOne = row.sum(new EnergyModel(costs, neuron -> 1)::energy);
    double ann = row.annSum(new EnergyModel(costs, neuron -> 1)::annEnergy);
    System.out.printf(
        Locale.ROOT,
        "  %s: %.3f + %.3f·k mJ; as an ANN %.3f mJ%n",
        row.title(),
        atZero,
        atOne - atZero,
        ann);
  }

  private static void printLayers(Row whole, EnergyModel energy, boolean known) {
    System.out.printf(
        Locale.ROOT,
        "%n%10s%s  %s%n",
        "GMAC",
        known ? String.format(Locale.ROOT, " %7s %9s", "mean k", "mJ") : "",
        "layer ← neuron");
    for (Layer layer : whole.layers()) {
      LayerCost cost = layer.spiking();
      String neuron = cost.neuron() == null ? "real numbers" : cost.neuron();
      String columns = "";
      if (known) {
        columns =
            String.format(
                Locale.ROOT,
                " %7s %9.4f",
                cost.neuron() == null
                    ? ""
                    : String.format(
                        Locale.ROOT, "%.3f", energy.meanSpikes().applyAsDouble(cost.neuron())),
                energy.energy(cost));
      }
      System.out.printf(
          Locale.ROOT,
          "%10.4f%s  %s ← %s%s%n",
          cost.macs() / 1e9,
          columns,
          cost.name(),
          neuron,
          cost.neuron() == null || cost.direct() ? "" : ", through layers between");
    }
  }

  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("model", source).put("size", size);
    node.put("time_steps", config.backbone().timeSteps()).put("rates", rates);
    EnergyCosts of = energy.costs();
    node.putObject("costs")
        .put("name", of.name())
        .put("mac_pj", of.mac())
        .put("ac_pj", of.ac())
        .put("source", of.source());
    node.set("all_states", json(whole, energy));
    node.set("inference", json(last, energy));
    ArrayNode parts = node.putArray("parts");
    rows.forEach(row -> parts.add(json(row, energy).put("stage", row.stage())));
    ArrayNode layers = node.putArray("layers");
    for (Layer layer : whole.layers()) {
      LayerCost cost = layer.spiking();
      ObjectNode item = layers.addObject().put("name", cost.name()).put("macs", cost.macs());
      item.put("neuron", cost.neuron()).put("direct", cost.direct());
      if (energy.meanSpikes() != null) {
        item.put("acs", energy.accumulates(cost)).put("energy_mj", energy.energy(cost));
      }
      item.put("ann_energy_mj", energy.annEnergy(layer.ann()));
    }
    return node;
  }

  private static ObjectNode json(Row row, EnergyModel energy) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", row.title()).put("macs", row.macs()).put("parameters", row.parameters());
    if (energy.meanSpikes() != null) {
      node.put("acs", row.sum(energy::accumulates)).put("energy_mj", row.sum(energy::energy));
      node.put("unfolded_energy_mj", row.sum(energy::unfoldedEnergy));
    }
    return node.put("ann_energy_mj", row.annSum(energy::annEnergy));
  }
}
