package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.spike2former.cli.console.Errors;
import org.spike2former.cli.console.Progress;
import org.spike2former.cli.option.DataOptions;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.dataset.PanopticConversion;
import org.spike2former.data.loader.OnBadImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f data convert}: writes a data set in COCO's panoptic format. */
@Command(
    name = "convert",
    header = "Writes a data set in COCO's panoptic format.",
    description = {
      "Writes a folder with annotations/panoptic_SPLIT.json, the PNG files of that name,"
          + " classes.json, and data.yaml, which describes them as a data set.",
      "Of label files without instances, --components makes each connected region of some classes"
          + " a thing. Regions below --min-area become a crowd: their pixels keep their class, but"
          + " nothing need be found there, and nothing is wrong if found."
    },
    mixinStandardHelpOptions = true)
final class DataConvertCommand implements Callable<Integer> {
  private static final int USUAL_AREA = 40;
  private static final int USUAL_CONNECTIVITY = 8;

  @Parameters(paramLabel = "CONFIG", description = "YAML file, or a name in configs/datasets.")
  private Path config;

  @Mixin private DataOptions options;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      split = ",",
      description = "Splits to convert (default: those of train, val, test that are there).")
  private List<String> splits;

  @Option(
      names = "--components",
      paramLabel = "CLASS",
      split = ",",
      description = "Classes whose connected regions are things; the others are stuff.")
  private List<String> components;

  @Option(
      names = "--min-area",
      paramLabel = "PIXELS",
      description = "Of the smallest region that is a thing (default: " + USUAL_AREA + ").")
  private Integer minArea;

  @Option(
      names = "--connectivity",
      paramLabel = "4|8",
      description =
          "Whether pixels of a region share sides (4), or corners are enough (8, the default).")
  private Integer connectivity;

  @Option(
      names = "--copy-images",
      description = "Copies the images too (default: data.yaml says where they are).")
  private boolean copyImages;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description = "The folder, which is whole in the end or not there.")
  private Path output;

  @Override
  public Integer call() throws IOException {
    DataConfig data = options.read(config, null);
    PanopticConversion conversion = conversion(data, options.onBadImage(data));
    List<Dataset> datasets = datasets(data);
    int images = datasets.stream().mapToInt(Dataset::size).sum();
    List<PanopticConversion.Split> written;
    try (Progress progress = new Progress("convert", images)) {
      written = conversion.write(datasets, output, progress::step);
    }
    for (PanopticConversion.Split split : written) {
      System.out.printf(
          Locale.ROOT,
          "%s: %d images, %d things, %d crowds, %d stuff → %s%n",
          split.name(),
          split.images(),
          split.things(),
          split.crowds(),
          split.stuff(),
          split.json());
    }
    return 0;
  }

  private PanopticConversion conversion(DataConfig data, OnBadImage onBadImage) {
    if (components == null) {
      if (minArea != null || connectivity != null) {
        throw new IllegalArgumentException("--min-area and --connectivity need --components");
      }
      if (!data.tellsThingsApart()) {
        throw new IllegalArgumentException(
            config + ": the data set does not tell things apart; --components makes things");
      }
      return PanopticConversion.of(data, copyImages, onBadImage);
    }
    return PanopticConversion.ofRegions(
        data,
        components,
        minArea == null ? USUAL_AREA : minArea,
        connectivity == null ? USUAL_CONNECTIVITY : connectivity,
        copyImages,
        onBadImage);
  }

  private List<Dataset> datasets(DataConfig data) throws IOException {
    List<Dataset> datasets = new ArrayList<>();
    if (splits != null) {
      for (String split : splits) {
        datasets.add(data.dataset(split));
      }
    } else {
      for (String split : List.of("train", "val", "test")) {
        if (data.absence(split) == null && !data.lacksLabels(split)) {
          Dataset dataset = data.dataset(split);
          if (!split.equals("test") || !dataset.isUnlabelled()) {
            datasets.add(dataset);
          }
        }
      }
      if (datasets.isEmpty()) {
        // Fails with the reason.
        datasets.add(data.dataset("train"));
      }
    }
    datasets.forEach(dataset -> dataset.warnings().forEach(Errors::print));
    return datasets;
  }
}
