package org.spike2former.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.verify.Engine;
import org.spike2former.verify.Parity;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.ReportJson;
import org.spike2former.verify.ReportText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f parity}: the network against outputs exported from PyTorch. */
@Command(
    name = "parity",
    header = "Compares the network with parity folders exported from PyTorch.",
    description =
        "Compares float64 end to end, float32 block by block and end to end, and this backend with"
            + " the others. A folder may hold a network, a case of the criterion, steps of"
            + " training or metrics. Exit code 1 on a failure.",
    mixinStandardHelpOptions = true)
final class ParityCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FIXTURE_DIR", description = "Parity folders.")
  private List<Path> folders;

  @Mixin private ComputeOptions compute;

  @Option(
      names = "--precision",
      paramLabel = "f32|f64",
      description = "Check one precision (default: both).")
  private DType precision;

  @Option(names = "--json", description = "Print the reports as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (precision != null && !precision.isReal()) {
      throw new IllegalArgumentException("--precision must be f32 or f64");
    }
    compute.apply();
    List<DType> precisions = precision == null ? List.of(DType.F64, DType.F32) : List.of(precision);
    List<String> reports = new ArrayList<>();
    boolean pass = true;
    try (Workers workers = new Workers(compute.threads());
        Workers single = new Workers(1)) {
      // Bits should not depend on kernels or threads: compare with the other kernels on one thread.
      String other = compute.backend().equals("scalar") ? "auto" : "scalar";
      Parity parity =
          new Parity(
              precisions, Engine.of(compute.backend(), workers), List.of(Engine.of(other, single)));
      for (Path path : folders) {
        ParityReport report = parity.run(path);
        pass &= report.pass();
        if (json) {
          reports.add(ReportJson.render(report));
        } else {
          System.out.print(ReportText.full(report));
        }
      }
    }
    if (json) {
      System.out.println("[" + String.join(",\n", reports) + "]");
    }
    return pass ? 0 : Main.FAILED;
  }
}
