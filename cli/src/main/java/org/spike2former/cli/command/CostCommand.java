package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spike2former.cli.option.ComputeOptions;
import org.spike2former.cli.option.Home;
import org.spike2former.cli.option.ImageOptions;
import org.spike2former.cli.report.CostFile;
import org.spike2former.cli.report.CostReport;
import org.spike2former.cli.report.FiringRun;
import org.spike2former.cli.report.FiringTally;
import org.spike2former.cli.report.FiringTally.Size;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.loader.PassRunner;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Network;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.model.report.CostTable;
import org.spike2former.model.report.CostTable.LayerCosts;
import org.spike2former.model.report.CostTable.PartCost;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.snn.energy.EnergyCosts;
import org.spike2former.snn.energy.EnergyModel;
import org.spike2former.snn.energy.LayerCost;
import org.spike2former.tensor.io.FormatException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f cost}: parameters, multiply-adds and energy of an image. */
@Command(
    name = "cost",
    header = "Counts parameters, multiply-adds and energy for an image.",
    description =
        "Energy follows the paper: a multiply-add on real numbers costs E_MAC, one on spikes"
            + " mean(k)·E_AC. Mean k is measured over the images of --data, or one number for all"
            + " layers. docs/energy.md says what is counted.",
    mixinStandardHelpOptions = true)
public final class CostCommand implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,5})[xX×]([1-9]\\d{0,5})");
  private static final Size USUAL_SIZE = new Size(512, 512);

  @Parameters(
      paramLabel = "CONFIG|MODEL_DIR",
      description = "The name of a network, a model.json, or a model folder or its name.")
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
  private record Measured(FiringTally fired, String of) {}

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
    Map<Size, Integer> sizes = measured == null ? Map.of(size(), 1) : measured.fired.sizes();
    List<LayerCosts> all = layers(config, sizes, true);
    List<LayerCosts> inference = layers(config, sizes, false);
    EnergyModel energy = new EnergyModel(energyCosts, meanSpikes(measured));
    ParameterSet parameters = Network.of(config).parameters();
    List<PartCost> rows = CostTable.rows(all, parameters);
    PartCost whole = CostTable.total("in all", all, parameters);
    PartCost last = CostTable.total("as inference runs it", inference, parameters);
    CostReport report =
        new CostReport(source, config, describe(sizes), rates(measured), rows, whole, last, energy);
    if (json) {
      System.out.println(report.json().toPrettyString());
    } else {
      report.print(listLayers);
    }
    return 0;
  }

  private ModelConfig config() throws IOException {
    Path path = Home.networks().find(Path.of(source));
    path = path == null ? Home.model(Path.of(source)) : path;
    if (Files.isDirectory(path)) {
      return ModelFolder.config(path);
    }
    if (Files.exists(path)) {
      return ModelConfig.read(path);
    }
    throw new FormatException(
        path,
        "neither a file or folder nor a name in "
            + Home.networks().folder()
            + Home.networks().suggestion(source));
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
    ImageOptions.Selection images = imageOptions.list();
    try (FiringRun run = new FiringRun(Home.model(Path.of(source)), null, compute, images)) {
      String of = images.name() + ", " + images.files().size() + " images";
      return new Measured(run.count(PassRunner.LOCAL), of);
    }
  }

  /** Null where no rates are known. */
  private ToDoubleFunction<String> meanSpikes(Measured measured) {
    if (measured != null) {
      return neuron -> measured.fired.layer(neuron).meanSpikes();
    }
    return meanK == null ? null : _ -> meanK;
  }

  /**
   * The mean over the images. Its product with the mean k over all of their neurons is the mean of
   * their products where a layer's multiply-adds and its neurons grow in proportion: in all but
   * attention, where it is close if images of several sizes fire at the same rates.
   */
  private static List<LayerCosts> layers(
      ModelConfig config, Map<Size, Integer> sizes, boolean allStates) {
    int images = sizes.values().stream().mapToInt(count -> count).sum();
    List<LayerCosts> layers = List.of();
    long[] spiking = null;
    long[] ann = null;
    for (Map.Entry<Size, Integer> entry : sizes.entrySet()) {
      Size of = entry.getKey();
      layers = CostTable.layers(config, of.height(), of.width(), allStates);
      spiking = spiking == null ? new long[layers.size()] : spiking;
      ann = ann == null ? new long[layers.size()] : ann;
      for (int i = 0; i < spiking.length; i++) {
        spiking[i] += entry.getValue() * layers.get(i).spiking().macs();
        ann[i] += entry.getValue() * layers.get(i).ann().macs();
      }
    }
    List<LayerCosts> mean = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      LayerCosts layer = layers.get(i);
      mean.add(
          new LayerCosts(
              mean(layer.spiking(), spiking[i], images), mean(layer.ann(), ann[i], images)));
    }
    return mean;
  }

  private static LayerCost mean(LayerCost layer, long macs, int images) {
    long ofImage = Math.round((double) macs / images);
    return new LayerCost(layer.name(), layer.neuron(), layer.direct(), ofImage);
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
}
