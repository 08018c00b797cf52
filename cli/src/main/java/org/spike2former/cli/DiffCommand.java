package org.spike2former.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.spike2former.verify.FolderDiff;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.ReportJson;
import org.spike2former.verify.ReportText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code s2f diff}: two folders of recordings. */
@Command(
    name = "diff",
    header = "Compares two parity folders, tensor by tensor.",
    description =
        "Of two runs or two machines (s2f dump) all bits should be equal; with --tolerance, numbers"
            + " may be apart and spikes may not. Prints what differs, in the order of the network."
            + " Exit code 1 if anything does.",
    mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "A", description = "What is expected.")
  private Path expected;

  @Parameters(index = "1", paramLabel = "B", description = "What is compared with it.")
  private Path found;

  @Mixin private ToleranceOption tolerance;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Write a page with verdict, first difference and errors.")
  private Path report;

  @Option(names = "--junit", paramLabel = "FILE.xml", description = "Write JUnit XML.")
  private Path junit;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    ReportFiles.require(report, junit);
    ParityReport differences =
        new FolderDiff(
                expected, found, tolerance.isGiven() ? tolerance.read() : null, report != null)
            .run();
    System.out.print(
        json ? ReportJson.render(differences) + "\n" : ReportText.summary(differences));
    ReportFiles.write("Comparison of two folders", List.of(differences), report, junit, spec);
    return differences.pass() ? 0 : Main.FAILED;
  }
}
