package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.spike2former.cli.console.Errors;
import org.spike2former.cli.option.DataOptions;
import org.spike2former.data.Sample;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.loader.DataLoader;
import org.spike2former.data.loader.LoaderConfig;
import org.spike2former.data.picture.ContactSheet;
import org.spike2former.data.transform.Pipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f data show}: a picture of samples as training sees them. */
@Command(
    name = "show",
    header = "Draws samples with their labels, augmented as in training.",
    description = "Things that are told apart have contours and numbers; crowds are striped.",
    mixinStandardHelpOptions = true)
final class DataShowCommand implements Callable<Integer> {
  private static final int COLUMNS = 4;

  @Parameters(paramLabel = "CONFIG", description = "YAML file, or a name in configs/datasets.")
  private Path config;

  @Mixin private DataOptions options;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = "train",
      description = "Default: train.")
  private String split;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "12",
      description = "Number of samples (default: 12).")
  private int count;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of the order and the augmentation (default: 0).")
  private long seed;

  @Option(names = "--plain", description = "Without augmentation.")
  private boolean plain;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = "samples.png",
      description = "The picture (default: samples.png).")
  private Path output;

  @Override
  public Integer call() throws IOException {
    if (count < 1 || count > 1000) {
      throw new IllegalArgumentException("--count must be 1 to 1000, found " + count);
    }
    DataConfig data = options.read(config, null);
    Dataset dataset = data.dataset(split);
    dataset.warnings().forEach(Errors::print);
    List<Sample> samples = new ArrayList<>();
    LoaderConfig loading = new LoaderConfig(1, seed, data.threads(), options.onBadImage(data));
    Pipeline pipeline = plain ? Pipeline.NONE : data.trainPipeline();
    try (DataLoader loader = new DataLoader(dataset, pipeline, data.preprocessing(), loading, 0)) {
      for (int i = 0; i < count; i++) {
        samples.add(loader.nextSample());
      }
    }
    ImageFiles.writePng(ContactSheet.draw(samples, dataset.classes(), COLUMNS), output);
    System.out.printf(Locale.ROOT, "%s: %d samples → %s%n", dataset.name(), count, output);
    return 0;
  }
}
