package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.spike2former.cli.option.DataOptions;
import org.spike2former.cli.option.Home;
import org.spike2former.cli.option.WeightsKeyOption;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Folders;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Network;
import org.spike2former.model.weights.Fit;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.model.weights.ModelWeights;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.train.run.ModelExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f model new}: a model folder of a checkpoint. */
@Command(
    name = "new",
    header = "Makes a model folder of a network, its classes and a checkpoint.",
    description =
        "Writes model.json, classes.json, preprocess.json and weights.safetensors. Every name and"
            + " shape of the checkpoint has to fit the network, which has as many classes as are"
            + " given; otherwise nothing is written.",
    mixinStandardHelpOptions = true)
final class ModelNewCommand implements Callable<Integer> {
  private static final String RELEASE = "-release";

  @Parameters(paramLabel = "DIR", description = "The folder; it must be new or empty.")
  private Path folder;

  @Option(
      names = "--network",
      required = true,
      paramLabel = "NAME|model.json",
      description = "The network: a name in configs/models, or a file.")
  private Path network;

  @Option(
      names = "--classes",
      required = true,
      paramLabel = "NAME|FILE",
      description =
          "The classes: the name of a data set or its YAML file, which also say how images are"
              + " resized, or a classes.json, with which they are not.")
  private Path classes;

  @Option(
      names = "--weights",
      required = true,
      paramLabel = "FILE",
      description = "The checkpoint: safetensors, or what torch.save wrote.")
  private Path weights;

  @Mixin private WeightsKeyOption weightsKey;

  @Option(
      names = "--half",
      description = "Stores weights in half precision: half the size, rounded to 11 bits.")
  private boolean half;

  /** What is known of the images. */
  private record Images(ClassTable classes, Preprocessing preprocessing) {}

  @Override
  public Integer call() throws IOException {
    requireFree();
    Images images = images();
    ModelConfig config =
        ModelConfig.read(Home.networks().get(network)).withClasses(images.classes.size());
    requireChannels(config, images.preprocessing);
    Network model = Network.of(config);
    Path file = Files.isDirectory(weights) ? ModelFolder.weights(weights) : weights;
    System.out.println(
        ModelWeights.load(model.parameters(), file, weightsKey.key(), Fit.EXACT).summary());
    write(new ModelExport(config, images.classes, images.preprocessing), model);
    Path written = folder.resolve("weights.safetensors");
    System.out.printf(
        Locale.ROOT,
        "→ %s: %,d parameters, %d classes, %.1f MiB%n",
        folder,
        model.parameters().count(""),
        images.classes.size(),
        Files.size(written) / (double) (1 << 20));
    remindOfConstants(config);
    return 0;
  }

  private void requireFree() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new FormatException(folder, "is a file where a new folder is wanted");
    }
    try (Stream<Path> inside = Files.list(folder)) {
      if (inside.findAny().isPresent()) {
        throw new FormatException(folder, "is not empty; choose a new folder");
      }
    }
  }

  private void requireChannels(ModelConfig config, Preprocessing preprocessing)
      throws FormatException {
    int taken = config.backbone().inChannels();
    if (preprocessing.channels() != taken) {
      throw new FormatException(
          classes,
          "says that images have "
              + preprocessing.channels()
              + " channels, but the network takes "
              + taken
              + " (backbone.in_channels)");
    }
  }

  private Images images() throws IOException {
    if (classes.toString().endsWith(".json")) {
      return new Images(ClassTable.read(classes), Preprocessing.IMAGENET);
    }
    DataConfig data = DataOptions.load(classes, null);
    if (data.classes() == null) {
      throw new FormatException(classes, "names no classes; give a classes.json");
    }
    return new Images(data.classes(), data.preprocessing());
  }

  private void write(ModelExport export, Network model) throws IOException {
    Map<String, Tensor> values = model.parameters().values();
    Folders.write(
        folder,
        inside -> {
          if (half) {
            export.writeHalf(inside, values);
          } else {
            export.write(inside, values, Map.of());
          }
          return null;
        });
  }

  /** A checkpoint does not record them, and the wrong ones give wrong results in silence. */
  private void remindOfConstants(ModelConfig config) {
    if (config.preset() == null && Files.exists(Home.networks().named(network + RELEASE))) {
      System.out.println(
          "note: "
              + weights
              + " does not record D and norm of its neurons; "
              + network
              + " has those of the paper. For weights that the published code trained, take"
              + " --network "
              + network
              + RELEASE);
    }
  }
}
