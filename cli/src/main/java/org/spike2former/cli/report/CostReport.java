package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.report.CostTable;
import org.spike2former.model.report.CostTable.LayerCosts;
import org.spike2former.model.report.CostTable.PartCost;
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
    List<PartCost> rows,
    PartCost whole,
    PartCost last,
    EnergyModel energy) {
  public void print(boolean listLayers) {
    System.out.printf(
        Locale.ROOT, "%s, %s, T = %d, %s%n%n", source, size, config.backbone().timeSteps(), rates);
    boolean known = energy.meanSpikes() != null;
    List<PartCost> lines = new ArrayList<>(rows);
    lines.add(whole);
    lines.add(last);
    System.out.print(table(lines, known).text());
    System.out.println();
    if (config.queries() > 0) {
      System.out.printf(
          Locale.ROOT,
          "in all: masks of the %d query states; as inference runs it: of the last alone%n",
          config.transformerDecoder().layers() + 1);
    }
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
      System.out.print("\n" + layerTable(known).text());
    }
  }

  private Table<PartCost> table(List<PartCost> lines, boolean known) {
    List<Column<PartCost>> columns = new ArrayList<>();
    columns.add(Column.right("GMAC", 10, "%.3f", row -> row.macs() / 1e9));
    columns.add(Column.right("parameters", 12, "%,d", PartCost::parameters));
    if (known) {
      columns.add(Column.right("GAC", 10, "%.3f", row -> row.sum(energy::accumulates) / 1e9));
      columns.add(Column.right("mJ", 9, "%.3f", row -> row.sum(energy::energy)));
      columns.add(Column.right("ANN mJ", 9, "%.3f", row -> row.annSum(energy::annEnergy)));
      columns.add(Column.right("ratio", 6, "%.3f", this::ratio));
    }
    columns.add(Column.left("part", row -> (row.stage() ? "  " : "") + row.title()));
    return new Table<>(columns, lines);
  }

  /** Energy over that of an ANN; NaN where that has none. */
  private double ratio(PartCost row) {
    double ann = row.annSum(energy::annEnergy);
    return ann == 0 ? Double.NaN : row.sum(energy::energy) / ann;
  }

  /** Energy is a line in the mean k. */
  private static void printLine(PartCost row, EnergyCosts costs) {
    double atZero = row.sum(new EnergyModel(costs, _ -> 0)::energy);
    double atOne = row.sum(new EnergyModel(costs, _ -> 1)::energy);
    double ann = row.annSum(new EnergyModel(costs, _ -> 1)::annEnergy);
    System.out.printf(
        Locale.ROOT,
        "  %s: %.3f + %.3f·k mJ; as an ANN %.3f mJ%n",
        row.title(),
        atZero,
        atOne - atZero,
        ann);
  }

  private Table<LayerCosts> layerTable(boolean known) {
    List<Column<LayerCosts>> columns = new ArrayList<>();
    columns.add(Column.right("GMAC", 10, "%.4f", layer -> layer.spiking().macs() / 1e9));
    if (known) {
      columns.add(Column.right("mean k", 7, "%.3f", layer -> meanSpikes(layer.spiking())));
      columns.add(Column.right("mJ", 9, "%.4f", layer -> energy.energy(layer.spiking())));
    }
    columns.add(Column.left("layer ← neuron", layer -> wiring(layer.spiking())));
    return new Table<>(columns, whole.layers());
  }

  private double meanSpikes(LayerCost cost) {
    return cost.neuron() == null ? Double.NaN : energy.meanSpikes().applyAsDouble(cost.neuron());
  }

  private static String wiring(LayerCost cost) {
    if (cost.neuron() == null) {
      return cost.name() + " ← real numbers";
    }
    return cost.name() + " ← " + cost.neuron() + (cost.direct() ? "" : ", through layers between");
  }

  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("model", source).put("size", size);
    node.put("time_steps", config.backbone().timeSteps()).put("rates", rates);
    node.set("costs", CostTable.json(energy.costs()));
    node.set("all_states", CostTable.json(List.of(whole), energy, false).get(0));
    node.set("inference", CostTable.json(List.of(last), energy, false).get(0));
    node.set("parts", CostTable.json(rows, energy, true));
    List<Column<LayerCosts>> columns = new ArrayList<>();
    columns.add(Column.of("name", layer -> layer.spiking().name()));
    columns.add(Column.of("macs", layer -> layer.spiking().macs()));
    columns.add(Column.of("neuron", layer -> layer.spiking().neuron()));
    columns.add(Column.of("direct", layer -> layer.spiking().direct()));
    if (energy.meanSpikes() != null) {
      columns.add(Column.of("acs", layer -> energy.accumulates(layer.spiking())));
      columns.add(Column.of("energy_mj", layer -> energy.energy(layer.spiking())));
    }
    columns.add(Column.of("ann_energy_mj", layer -> energy.annEnergy(layer.ann())));
    node.set("layers", new Table<>(columns, whole.layers()).json());
    return node;
  }
}
