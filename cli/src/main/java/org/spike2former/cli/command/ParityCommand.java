package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.spike2former.accel.EagerOps;
import org.spike2former.accel.Offload;
import org.spike2former.accel.Offloads;
import org.spike2former.cli.Main;
import org.spike2former.cli.option.ComputeOptions;
import org.spike2former.cli.option.Home;
import org.spike2former.cli.option.ToleranceOption;
import org.spike2former.cli.report.ReportFiles;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.cpu.Backend;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.verify.Engine;
import org.spike2former.verify.Parity;
import org.spike2former.verify.ParityOptions;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.report.ReportJson;
import org.spike2former.verify.report.ReportText;
import org.spike2former.verify.training.Feeding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code s2f parity}: the network against outputs exported from PyTorch. */
@Command(
    name = "parity",
    header = "Compares the network with parity folders exported from PyTorch.",
    description =
        "Compares float64 end to end, float32 block by block and end to end, and this backend with"
            + " the others. A folder may hold a network, a case of the criterion, steps of"
            + " training, metrics, or post-processing, quality or precision of panoptic"
            + " segmentation. Exit code 1 on a failure. Prints verdict, failures and a line for each way of"
            + " comparing; with -v every tensor.",
    mixinStandardHelpOptions = true)
public final class ParityCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(
      arity = "0..*",
      paramLabel = "PARITY_DIR",
      description = "Parity folders (default: samples/parity-tiny, which ships with the project).")
  private List<Path> folders;

  @Mixin private ComputeOptions compute;

  @Option(
      names = "--precision",
      paramLabel = "f32|f64",
      description = "Check one precision (default: both).")
  private Precision precision;

  @Option(
      names = "--feed",
      paramLabel = "recorded|computed|both",
      description =
          "What blocks are fed: what was recorded, so that an error does not spread (teacher"
              + " forcing), or what was computed (end to end). Default: computed in f64, both in"
              + " f32; with --report both in either.")
  private Feeding feed;

  @Mixin private ToleranceOption tolerance;

  @Mixin private ReportFiles files;

  @Option(names = "--quiet", description = "Print a line for each folder, its verdict.")
  private boolean quiet;

  @Option(names = "--json", description = "Print the reports as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    files.require();
    compute.apply();
    boolean onDevice = Offloads.isDevice(compute.backend());
    List<Precision> both =
        onDevice ? List.of(Precision.F32) : List.of(Precision.F64, Precision.F32);
    List<Precision> precisions = precision == null ? both : List.of(precision);
    ParityOptions options =
        new ParityOptions(precisions, feeding(), tolerance.read(), files.hasPage());
    List<ParityReport> reports = new ArrayList<>();
    try (Workers workers = new Workers(compute.threads());
        Workers single = new Workers(1);
        Offload.Session device = onDevice ? compute.openDevice(precisions.get(0)) : null;
        EagerOps eager = device == null ? null : eager(device, workers)) {
      // Bits should not depend on kernels or threads: compare with the other kernels on one thread.
      boolean scalar = !onDevice && compute.cpuBackend() == Backend.SCALAR;
      Backend other = scalar || onDevice ? Backend.AUTO : Backend.SCALAR;
      Parity parity =
          new Parity(options, engine(eager, workers), List.of(Engine.of(other, single)));
      for (Path path : folders == null ? List.of(Home.samples("parity-tiny")) : folders) {
        reports.add(parity.run(path));
        if (!json) {
          System.out.print(text(reports.getLast()));
        }
      }
    }
    if (json) {
      System.out.println(ReportJson.render(reports));
    }
    files.write("Parity with recordings", reports);
    return reports.stream().allMatch(ParityReport::pass) ? 0 : Main.FAILED;
  }

  private String text(ParityReport report) {
    if (quiet) {
      return ReportText.headline(report);
    }
    return main.isVerbose() ? ReportText.full(report) : ReportText.summary(report);
  }

  private static EagerOps eager(Offload.Session device, Workers workers) {
    return new EagerOps(device, Backends.create(Backend.AUTO, Precision.F32, workers));
  }

  private Engine engine(EagerOps eager, Workers workers) {
    return eager == null
        ? Engine.of(compute.cpuBackend(), workers)
        : Engine.onDevice(eager, workers);
  }

  private Feeding feeding() {
    if (feed == null) {
      return files.hasPage() ? Feeding.BOTH : Feeding.USUAL;
    }
    return feed;
  }
}
