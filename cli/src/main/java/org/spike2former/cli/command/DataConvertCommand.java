package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.spike2former.cli.Main;
import org.spike2former.cli.console.Errors;
import org.spike2former.cli.console.Progress;
import org.spike2former.cli.option.DataOptions;
import org.spike2former.data.dataset.ChaseDb1;
import org.spike2former.data.dataset.ColorLabels;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.dataset.PanopticConversion;
import org.spike2former.data.loader.OnBadImage;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f data convert}: a data set in COCO's panoptic format, or colours as classes. */
@Command(
    name = "convert",
    header = "Writes a data set in COCO's panoptic format, or colour-coded labels as classes.",
    description = {
      "Writes a folder with annotations/panoptic_SPLIT.json, the PNG files of that name,"
          + " classes.json, and data.yaml, which describes them as a data set.",
      "Of label files without instances, --components makes each connected region of some classes"
          + " a thing. Regions below --min-area become a crowd: their pixels keep their class, but"
          + " nothing need be found there, and nothing is wrong if found.",
      "With --colors, turns a folder of label pictures, whose colours stand for classes, into one of"
          + " label files, whose values are classes (PNG with a palette), with a classes.json."
    },
    mixinStandardHelpOptions = true)
final class DataConvertCommand implements Callable<Integer> {
  private static final int USUAL_AREA = 40;
  private static final int USUAL_CONNECTIVITY = 8;

  /** Most unknown colours that are listed. */
  private static final int SHOWN = 20;

  @Parameters(
      paramLabel = "CONFIG|DIR",
      description =
          "YAML file, or a name in configs/datasets; with --colors a folder of label pictures, with"
              + " --chase-db1 that of the data set's files.")
  private Path config;

  @Option(
      names = "--colors",
      paramLabel = "FILE",
      description =
          "Which colour is which class: a classes.json, or CSV with the columns name,r,g,b, where a"
              + " colour without a name is no class.")
  private Path colors;

  @Option(
      names = "--ignore-unknown",
      description =
          "Pixels of colours that are not in the table belong to no class (default: nothing is"
              + " written if there are any).")
  private boolean ignoreUnknown;

  @Option(
      names = "--chase-db1",
      description =
          "The folder holds the files of CHASE DB1 as they are distributed; written is a data set of"
              + " type chase-db1.")
  private boolean chaseDb1;

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
    if (chaseDb1) {
      return convertChaseDb1();
    }
    if (colors != null) {
      return convertColors();
    }
    if (ignoreUnknown) {
      throw new IllegalArgumentException("--ignore-unknown needs --colors");
    }
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

  private int convertChaseDb1() throws IOException {
    if (colors != null || splits != null || components != null) {
      throw new IllegalArgumentException(
          "--chase-db1 takes a folder: no --colors, --split or --components");
    }
    try (Progress progress = new Progress("convert", ChaseDb1.PHOTOS)) {
      ChaseDb1.convert(config, output, progress::step);
    }
    System.out.printf(
        Locale.ROOT,
        "%d photos to train on, %d to evaluate → %s%n",
        ChaseDb1.TRAINING,
        ChaseDb1.PHOTOS - ChaseDb1.TRAINING,
        output);
    return 0;
  }

  private int convertColors() throws IOException {
    if (splits != null || components != null || minArea != null || connectivity != null) {
      throw new IllegalArgumentException(
          "--colors takes a folder: no --split, --components, --min-area or --connectivity");
    }
    if (!Files.isDirectory(config)) {
      throw new IOException(config + ": expected a folder of label pictures");
    }
    ColorLabels table = ColorLabels.read(colors);
    ColorLabels.Result result;
    try (Progress progress = new Progress("convert", ColorLabels.pictures(config).size())) {
      result = table.convert(config, output, ignoreUnknown, progress::step);
    }
    boolean written = ignoreUnknown || result.unknown().isEmpty();
    if (!result.unknown().isEmpty()) {
      long pixels = result.unknown().stream().mapToLong(ColorLabels.Unknown::pixels).sum();
      System.out.printf(
          Locale.ROOT,
          "%d colours, on %.3f %% of the pixels, are not in %s%s%n",
          result.unknown().size(),
          100.0 * pixels / result.pixels(),
          colors,
          result.unknown().size() > SHOWN ? "; the most frequent:" : ":");
      System.out.print(
          Table.of(
                  result.unknown().stream().limit(SHOWN).toList(),
                  Column.left("r,g,b", each -> ColorLabels.text(each.rgb())),
                  Column.right("pixels", 9, ColorLabels.Unknown::pixels),
                  Column.right("files", 6, ColorLabels.Unknown::files),
                  Column.left("nearest", each -> table.nearest(each.rgb())),
                  Column.left("first file", ColorLabels.Unknown::first))
              .text("  "));
    }
    System.out.printf(
        Locale.ROOT,
        written
            ? "%d label files of %d classes → %s%n"
            : "%d pictures, %d classes: nothing is written; see --ignore-unknown%n",
        result.files(),
        table.classes().size(),
        output);
    return written ? 0 : Main.FAILED;
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
