package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.spike2former.cli.report.RunComparison;
import org.spike2former.cli.report.RunsChart;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.tensor.io.AtomicFile;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.train.report.RunRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f runs}: compares runs. */
@Command(
    name = "runs",
    header = "Compares training runs: what differs in them, and what came of it.",
    description =
        "Prints a line for each run, the best first, with the keys of the configuration in which"
            + " they differ, the best and the last evaluation, the mean loss of the last 20 steps,"
            + " images per second, and the time of steps and evaluations.",
    mixinStandardHelpOptions = true)
public final class RunsCommand implements Callable<Integer> {
  private static final int DEPTH = 4;

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description = "Output folders of runs, or folders that hold some.")
  private List<Path> folders;

  @Option(
      names = "--chart",
      paramLabel = "FILE.png",
      description = "Draws the evaluations of all runs over their steps.")
  private Path chart;

  @Option(names = "--csv", paramLabel = "FILE.csv", description = "Writes the table as CSV.")
  private Path csv;

  @Option(names = "--json", description = "Print as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    List<RunRecord> runs = new ArrayList<>();
    for (Path folder : folders) {
      for (Path run : below(folder)) {
        runs.add(RunRecord.read(run));
      }
    }
    RunComparison comparison = new RunComparison(runs);
    if (csv != null) {
      AtomicFile.write(csv, comparison.table().csv());
    }
    if (chart != null) {
      ImageFiles.writePng(RunsChart.draw(comparison), chart);
    }
    if (json) {
      System.out.println(comparison.table().json().toPrettyString());
    } else {
      System.out.print(comparison.text());
      Stream.of(csv, chart)
          .filter(file -> file != null)
          .forEach(file -> System.out.println("→ " + file));
    }
    return 0;
  }

  /** The folder itself if it is one of a run, else those in it that are. */
  private static List<Path> below(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new FormatException(folder, "no such folder");
    }
    try (Stream<Path> inside = Files.walk(folder, DEPTH)) {
      List<Path> runs = inside.filter(RunRecord::isRun).sorted().toList();
      if (runs.isEmpty()) {
        throw new FormatException(folder, "holds no run: neither log.jsonl nor config.yaml");
      }
      return runs;
    }
  }
}
