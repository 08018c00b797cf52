package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.spike2former.cli.Main;
import org.spike2former.cli.option.ToleranceOption;
import org.spike2former.cli.report.ReportFiles;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.folder.FolderDiff;
import org.spike2former.verify.report.ReportJson;
import org.spike2former.verify.report.ReportText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f diff}: two folders of recordings. */
@Command(
    name = "diff",
    header = "Compares two parity folders, tensor by tensor.",
    description =
        "Of two runs or two machines (s2f dump) all bits should be equal; with --tolerance, numbers"
            + " may differ but spikes may not. Prints what differs, in the order of the network."
            + " Exit code 1 if anything does.",
    mixinStandardHelpOptions = true)
public final class DiffCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "A", description = "What is expected.")
  private Path expected;

  @Parameters(index = "1", paramLabel = "B", description = "What is compared with it.")
  private Path found;

  @Mixin private ToleranceOption tolerance;

  @Mixin private ReportFiles files;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    files.require();
    ParityReport differences =
        new FolderDiff(
                expected, found, tolerance.isGiven() ? tolerance.read() : null, files.hasPage())
            .run();
    System.out.print(
        json ? ReportJson.render(differences) + "\n" : ReportText.summary(differences));
    files.write("Comparison of two folders", List.of(differences));
    return differences.pass() ? 0 : Main.FAILED;
  }
}
