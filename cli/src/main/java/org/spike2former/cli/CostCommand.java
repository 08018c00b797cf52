package org.spike2former.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spike2former.cli.CostTable.Layer;
import org.spike2former.cli.CostTable.Row;
import org.spike2former.cli.FiringRun.Size;
import org.spike2former.data.Preprocessing;
import org.spike2former.model.ModelConfig;
import org.spike2former.model.ModelFolder;
import org.spike2former.model.NetworkCost;
import org.spike2former.model.ParameterSet;
import org.spike2former.model.Spike2Former;
import org.spike2former.snn.energy.EnergyCosts;
import org.spike2former.snn.energy.EnergyModel;
import org.spike2former.snn.energy.LayerCost;
import org.spike2former.snn.firing.FiringStatistics;
import org.spike2former.tensor.io.FormatException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f cost}: parameters, multiply-adds and energy of an image. */
@Command(
    name = "cost",
    header = "Counts parameters, multiply-adds and energy of an image.",
    description =
        "Energy follows the paper: a multiply-add on real numbers costs E_MAC, one on spikes"
            + " mean(k)·E_AC. Mean k is measured over the images of --data, or one number for all"
            + " layers. docs/energy.md says what is counted.",
    mixinStandardHelpOptions = true)
final class CostCommand implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,5})[xX×]([1-9]\\d{0,5})");
  private static final Size USUAL_SIZE = new Size(512, 512);

  @Parameters(
      paramLabel = "CONFIG|MODEL_DIR",
      description = "A name in configs/models, a model.json, or a model folder.")
  private String source;

  @Option(
      names = "--size",
      paramLabel = "HxW",
      description = "Height and width of the network's input (default: 512x512, or the images').")
  private String size;

  @Mixin private ImageOptions imageOptions;

  @Option(
      names = "--mean-k",
      paramLabel = "K",
      description = "Mean k of every neuron layer, in place of --data.")
  private Double meanK;

  @Option(
      names = "--costs",
      paramLabel = "FILE.json",
      description = "Energy of operations (default: configs/energy/45nm.json).")
  private Path costs;

  @Option(names = "--layers", description = "List every layer.")
  private boolean listLayers;

  @Mixin private ComputeOptions compute;

  @Option(names = "--json", description = "Print as JSON.")
  private boolean json;

  /** What is known of the images. */
  private record Measured(Map<Size, Integer> sizes, FiringStatistics statistics, String of) {}

  @Override
  public Integer call() throws IOException {
    if (imageOptions.given() && (size != null || meanK != null)) {
      throw new IllegalArgumentException("--data goes without --size and --mean-k");
    }
    if (meanK != null && !(meanK >= 0 && meanK <= 127)) {
      throw new IllegalArgumentException("--mean-k must be 0 to 127, found " + meanK);
    }
    EnergyCosts energyCosts = CostFile.read(costs == null ? CostFile.standard() : costs);
    ModelConfig config = config();
    Measured measured = imageOptions.given() ? measure() : null;
    Map<Size, Integer> sizes = measured == null ? Map.of(size(), 1) : measured.sizes;
    List<Layer> all = layers(config, sizes, true);
    List<Layer> inference = layers(config, sizes, false);
    EnergyModel energy = new EnergyModel(energyCosts, meanSpikes(measured));
    ParameterSet parameters = new Spike2Former(config).parameters();
    List<Row> rows = CostTable.rows(all, parameters);
    Row whole = CostTable.total("in all", all, parameters);
    Row last = CostTable.total("as inference runs it", inference, parameters);
    if (json) {
      System.out.println(json(config, measured, sizes, rows, whole, last, energy).toPrettyString());
    } else {
      print(config, measured, sizes, rows, whole, last, energy);
    }
    return 0;
  }

  private ModelConfig config() throws IOException {
    Path path = Path.of(source);
    if (Files.isDirectory(path)) {
      return ModelFolder.config(path);
    }
    if (Files.exists(path)) {
      return ModelConfig.read(path);
    }
    if (Files.exists(Home.config(source))) {
      return ModelConfig.read(Home.config(source));
    }
    throw new FormatException(
        path, "neither a file or folder nor a name in " + Home.path().resolve("configs/models"));
  }

  private Size size() {
    if (size == null) {
      return USUAL_SIZE;
    }
    Matcher matcher = SIZE.matcher(size);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("--size: expected HxW such as 512x512, found " + size);
    }
    Size found = new Size(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    if (Math.min(found.height(), found.width()) < Preprocessing.MIN_SIDE) {
      throw new IllegalArgumentException(
          "--size: sides need " + Preprocessing.MIN_SIDE + " pixels, found " + size);
    }
    return found;
  }

  private Measured measure() throws IOException {
    ImageOptions.Images images = imageOptions.list();
    try (FiringRun run = new FiringRun(Path.of(source), compute)) {
      run.run(images, List.of(), (i, image, prepared) -> {});
      String of = images.name() + ", " + images.files().size() + " images";
      return new Measured(run.sizes(), run.statistics(), of);
    }
  }

  /** Null where no rates are known. */
  private ToDoubleFunction<String> meanSpikes(Measured measured) {
    if (measured != null) {
      return neuron -> measured.statistics.layer(neuron).meanSpikes();
    }
    return meanK == null ? null : neuron -> meanK;
  }

  /**
   * The mean over the images. Its product with the mean k over all of their neurons is the mean of
   * their products, because a layer's multiply-adds and its neurons grow alike.
   */
  private static List<Layer> layers(
      ModelConfig config, Map<Size, Integer> sizes, boolean allStates) {
    List<Layer> layers = new ArrayList<>();
    List<LayerCost> spiking = mean(config, sizes, allStates);
    List<LayerCost> ann =
        config.backbone().timeSteps() == 1
            ? spiking
            : mean(NetworkCost.oneTimeStep(config), sizes, allStates);
    for (int i = 0; i < spiking.size(); i++) {
      layers.add(new Layer(spiking.get(i), ann.get(i)));
    }
    return layers;
  }

  private static List<LayerCost> mean(
      ModelConfig config, Map<Size, Integer> sizes, boolean allStates) {
    int images = sizes.values().stream().mapToInt(count -> count).sum();
    long[] macs = null;
    List<LayerCost> layers = List.of();
    for (Map.Entry<Size, Integer> entry : sizes.entrySet()) {
      Size of = entry.getKey();
      layers =
          allStates
              ? NetworkCost.ofAllStates(config, of.height(), of.width())
              : NetworkCost.ofInference(config, of.height(), of.width());
      macs = macs == null ? new long[layers.size()] : macs;
      for (int i = 0; i < macs.length; i++) {
        macs[i] += entry.getValue() * layers.get(i).macs();
      }
    }
    List<LayerCost> mean = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      LayerCost layer = layers.get(i);
      long ofImage = Math.round((double) macs[i] / images);
      mean.add(new LayerCost(layer.name(), layer.neuron(), layer.direct(), ofImage));
    }
    return mean;
  }

  private void print(
      ModelConfig config,
      Measured measured,
      Map<Size, Integer> sizes,
      List<Row> rows,
      Row whole,
      Row last,
      EnergyModel energy) {
    System.out.printf(
        "%s, %s, T = %d, %s%n%n",
        source, describe(sizes), config.backbone().timeSteps(), rates(measured));
    boolean known = energy.meanSpikes() != null;
    System.out.printf(
        "%10s %12s%s  %s%n",
        "GMAC",
        "parameters",
        known ? "  %9s %9s %9s %6s".formatted("GAC", "mJ", "ANN mJ", "ratio") : "",
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
        ann == 0 ? "" : "%.3f".formatted(spiking / ann));
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
        "%n%10s%s  %s%n",
        "GMAC", known ? " %7s %9s".formatted("mean k", "mJ") : "", "layer ← neuron");
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

  private static String describe(Map<Size, Integer> sizes) {
    Size first = sizes.keySet().iterator().next();
    return sizes.size() == 1
        ? first.height() + "×" + first.width()
        : "mean of " + sizes.size() + " sizes of images";
  }

  private String rates(Measured measured) {
    if (measured != null) {
      return "rates of " + measured.of;
    }
    return meanK == null ? "rates unknown" : "mean k = " + meanK;
  }

  private ObjectNode json(
      ModelConfig config,
      Measured measured,
      Map<Size, Integer> sizes,
      List<Row> rows,
      Row whole,
      Row last,
      EnergyModel energy) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("model", source).put("size", describe(sizes));
    node.put("time_steps", config.backbone().timeSteps()).put("rates", rates(measured));
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
