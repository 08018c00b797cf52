package org.spike2former.cli.command;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.spike2former.cli.Main;
import org.spike2former.cli.console.Errors;
import org.spike2former.cli.console.Lines;
import org.spike2former.cli.console.Progress;
import org.spike2former.cli.console.TrainConsole;
import org.spike2former.cli.option.ComputeOptions;
import org.spike2former.cli.option.DataOptions;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.image.Exif;
import org.spike2former.data.loader.DataCheck;
import org.spike2former.data.loader.FrameCount;
import org.spike2former.data.loader.SegmentCount;
import org.spike2former.data.loader.SegmentCount.Size;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f data check}: reads every file of a data set. */
@Command(
    name = "check",
    header = "Reads every file of a data set.",
    description = {
      "Prints for each split the number and sizes of its images and how often each class occurs;"
          + " of data sets that tell things apart, also how many things and crowds there are, and how"
          + " large (small below 32², medium below 96² pixels).",
      "Reports what looks like a mistake: images that are turned by Exif, labels without an image.",
      "Exit code 1 if a file cannot be used; the first such file is named."
    },
    mixinStandardHelpOptions = true)
final class DataCheckCommand implements Callable<Integer> {
  /** Of the mean and deviation of event frames. */
  private static final MathContext DIGITS = new MathContext(5);

  @Parameters(paramLabel = "CONFIG", description = "YAML file, or a name in configs/datasets.")
  private Path config;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "The data set's folder (default: as the configuration says).")
  private Path root;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      split = ",",
      description =
          "Splits to read (default: those of train, val, test that are there, and test only with"
              + " labels).")
  private List<String> splits;

  @Mixin private ComputeOptions compute;

  @Override
  public Integer call() throws IOException {
    DataConfig data = DataOptions.load(config, root);
    boolean good = true;
    List<String> wanted = splits == null ? List.of("train", "val", "test") : splits;
    if (splits == null) {
      wanted = existing(data, wanted);
    }
    List<Dataset> before = new ArrayList<>();
    for (String split : wanted) {
      boolean mayLackLabels = splits == null && split.equals("test");
      if (mayLackLabels && data.lacksLabels(split)) {
        printUnlabelled(data.type() + " " + split);
        continue;
      }
      Dataset dataset = data.dataset(split);
      if (mayLackLabels && dataset.isUnlabelled()) {
        dataset.warnings().forEach(Errors::print);
        printUnlabelled(dataset.name());
        continue;
      }
      Dataset same = splits == null ? sameAs(dataset, before) : null;
      if (same != null) {
        System.out.printf(
            Locale.ROOT, "%s: the same as %s%n", dataset.name(), same.name().split(" ")[1]);
        continue;
      }
      before.add(dataset);
      dataset.warnings().forEach(Errors::print);
      DataCheck check;
      try (Progress progress = new Progress(dataset.name(), dataset.size())) {
        check = DataCheck.of(dataset, compute.threads(), progress::step);
      }
      print(dataset, check);
      if (check.bad() > 0) {
        good = false;
        Errors.print(
            String.format(
                Locale.ROOT,
                "%s: %d of %d images cannot be used; the first: %s",
                dataset.name(),
                check.bad(),
                dataset.size(),
                check.firstBad()));
      }
    }
    return good ? 0 : Main.FAILED;
  }

  /**
   * Those of some splits that are there; says which are not.
   *
   * @throws IOException if none is
   */
  private static List<String> existing(DataConfig data, List<String> splits) throws IOException {
    List<String> found = splits.stream().filter(split -> data.absence(split) == null).toList();
    if (found.isEmpty()) {
      // Fails with the reason.
      data.dataset(splits.get(0));
    }
    for (String split : splits) {
      if (!found.contains(split)) {
        System.out.printf(
            Locale.ROOT, "%s %s: not there (%s)%n", data.type(), split, data.absence(split));
      }
    }
    return found;
  }

  /** Many data sets keep the labels of their test split to themselves. */
  private static void printUnlabelled(String name) {
    System.out.printf(Locale.ROOT, "%s: not checked (images without labels)%n", name);
  }

  private static void print(List<String> names, int things, SegmentCount count) {
    Table<Integer> table =
        Table.of(
            IntStream.range(0, things).boxed().toList(),
            Column.left("things", k -> String.format(Locale.ROOT, "%3d %s", k, names.get(k))),
            Column.right("all", 7, k -> count.segments(k)),
            Column.right("small", 7, k -> count.segments(k, Size.SMALL)),
            Column.right("medium", 7, k -> count.segments(k, Size.MEDIUM)),
            Column.right("large", 7, k -> count.segments(k, Size.LARGE)),
            Column.right("mean area", 10, k -> area(count.meanArea(k))),
            Column.right("crowds", 7, k -> count.crowds(k)));
    System.out.print(table.text("  "));
    System.out.printf(
        Locale.ROOT,
        "  most things in an image: %d; images without things: %d%n",
        count.most(),
        count.withoutThings());
    if (count.without() > 0) {
      System.out.printf(
          Locale.ROOT,
          "  images without any segment: %d, the first %s%n",
          count.without(),
          count.firstWithout());
    }
  }

  private static String area(double pixels) {
    return Double.isNaN(pixels) ? "-" : String.format(Locale.ROOT, "%.0f", pixels);
  }

  /** An earlier split with the same files; null if there is none. */
  private static Dataset sameAs(Dataset dataset, List<Dataset> before) {
    return before.stream().filter(dataset::hasSameFilesAs).findFirst().orElse(null);
  }

  private static String images(int count) {
    return count == 1 ? "1 image" : count + " images";
  }

  /** With what to write into the configuration to have them normalised. */
  private static void print(FrameCount count) {
    List<Integer> channels = IntStream.range(0, count.channels()).boxed().toList();
    System.out.print(
        Table.of(
                channels,
                Column.right("channel", 0, c -> c),
                Column.right("mean", 10, c -> rounded(count.mean(c))),
                Column.right("deviation", 10, c -> rounded(count.deviation(c))),
                Column.right("least", 10, c -> rounded(count.least(c))),
                Column.right("greatest", 10, c -> rounded(count.greatest(c))))
            .text("  "));
    System.out.printf(
        Locale.ROOT,
        "  normalise: {mean: %s, std: %s}%n",
        numbers(channels, count::mean),
        numbers(channels, c -> count.deviation(c) == 0 ? 1 : count.deviation(c)));
  }

  private static String rounded(double value) {
    return Lines.number(new BigDecimal(value).round(DIGITS).doubleValue());
  }

  private static String numbers(List<Integer> channels, Function<Integer, Double> value) {
    return channels.stream().map(value).map(DataCheckCommand::rounded).toList().toString();
  }

  private static void print(Dataset dataset, DataCheck check) {
    System.out.printf(Locale.ROOT, "%s: %s%n", dataset.name(), images(dataset.size()));
    int sizes = check.sizes().size();
    if (sizes > 0) {
      System.out.printf(
          Locale.ROOT,
          "  sizes: %s (%s)%s%n",
          check.commonSize(),
          images(check.sizes().get(check.commonSize())),
          sizes == 1 ? "" : " and " + (sizes - 1) + (sizes == 2 ? " other" : " others"));
    }
    if (check.turned() > 0) {
      System.out.printf(
          Locale.ROOT,
          "  with an Exif orientation: %s, the first %s; %s%n",
          images(check.turned()),
          check.firstTurned(),
          dataset.exif() == Exif.APPLY
              ? "turned upright, as labels must be (else set exif: ignore)"
              : "taken as stored, as labels must be (exif: ignore)");
    }
    if (check.frames() != null) {
      print(check.frames());
    }
    List<String> names = dataset.classes().names();
    Table<Integer> classes =
        Table.of(
            IntStream.range(0, names.size()).boxed().toList(),
            Column.left("", k -> String.format(Locale.ROOT, "%3d %s", k, names.get(k))),
            Column.right("", 9, "%s %%", k -> TrainConsole.percent(check.share(k))),
            Column.left("", k -> "in " + images(check.images(k))));
    System.out.print(classes.text("  "));
    if (check.segments() != null) {
      print(names, dataset.classes().things(), check.segments());
    }
    System.out.printf(
        Locale.ROOT,
        "  pixels without class: %d; images without any class: %d%n",
        check.withoutClass(),
        check.emptyImages());
  }
}
