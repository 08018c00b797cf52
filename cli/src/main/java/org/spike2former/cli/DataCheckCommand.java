package org.spike2former.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.loader.DataCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f data check}: reads every file of a data set. */
@Command(
    name = "check",
    header = "Reads every file of a data set.",
    description = {
      "Prints for each split the number and sizes of its images and how often each class occurs.",
      "Exit code 1 if a file cannot be used; the first such file is named."
    },
    mixinStandardHelpOptions = true)
final class DataCheckCommand implements Callable<Integer> {
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
      description = "Splits to read (default: train, val, test).")
  private List<String> splits;

  @Mixin private ComputeOptions compute;

  @Override
  public Integer call() throws IOException {
    DataConfig data = DataOptions.load(config, root);
    boolean good = true;
    List<String> wanted = splits == null ? List.of("train", "val", "test") : splits;
    for (int i = 0; i < wanted.size(); i++) {
      String same = splits == null ? sameAs(data, wanted, i) : null;
      if (same != null) {
        System.out.printf(Locale.ROOT, "%s %s: the same as %s%n", data.type(), wanted.get(i), same);
        continue;
      }
      Dataset dataset = data.dataset(wanted.get(i));
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

  /** An earlier split with the same files; null if there is none. */
  private static String sameAs(DataConfig data, List<String> splits, int i) {
    for (String earlier : splits.subList(0, i)) {
      if (data.splits().get(earlier).equals(data.splits().get(splits.get(i)))) {
        return earlier;
      }
    }
    return null;
  }

  private static void print(Dataset dataset, DataCheck check) {
    System.out.printf(Locale.ROOT, "%s: %d images%n", dataset.name(), dataset.size());
    int sizes = check.sizes().size();
    if (sizes > 0) {
      System.out.printf(
          Locale.ROOT,
          "  sizes: %s (%d images)%s%n",
          check.commonSize(),
          check.sizes().get(check.commonSize()),
          sizes == 1 ? "" : " and " + (sizes - 1) + " others");
    }
    List<String> names = dataset.classes().names();
    int width = names.stream().mapToInt(String::length).max().orElse(0);
    for (int k = 0; k < names.size(); k++) {
      System.out.printf(
          Locale.ROOT,
          "  %3d %s%s  %6.2f %%  in %d images%n",
          k,
          names.get(k),
          " ".repeat(width - names.get(k).length()),
          100 * check.share(k),
          check.images(k));
    }
    System.out.printf(
        Locale.ROOT,
        "  pixels without class: %d; images without any class: %d%n",
        check.withoutClass(),
        check.emptyImages());
  }
}
