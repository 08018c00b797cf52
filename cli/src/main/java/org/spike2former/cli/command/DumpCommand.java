package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.spike2former.cli.option.ComputeOptions;
import org.spike2former.cli.option.Home;
import org.spike2former.cli.report.FiringRun;
import org.spike2former.data.image.PreparedImage;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.pixel.FrameImage;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.Npy;
import org.spike2former.verify.Engine;
import org.spike2former.verify.folder.Dump;
import org.spike2former.verify.folder.FixtureFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f dump}: what this implementation computes, as a parity folder. */
@Command(
    name = "dump",
    header = "Writes what the network computes as a parity folder.",
    description =
        "Runs in float64 and float32 and writes weights, input, results, the output of every block,"
            + " every neuron layer's spikes and the means of its potential, in the layout in which"
            + " PyTorch's are exported: to check PyTorch against Java, or one machine against"
            + " another (s2f diff).",
    mixinStandardHelpOptions = true)
public final class DumpCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL_DIR|FIXTURE_DIR", description = "The network.")
  private Path model;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "IMAGE",
      description = "Prepared as preprocess.json says (default: the parity folder's own input).")
  private Path image;

  @Option(
      names = "--input",
      paramLabel = "FILE.npy",
      description = "A normalised input, [B,3,H,W] or [3,H,W], in place of an image.")
  private Path input;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description = "The folder to write; it must be new or empty.")
  private Path output;

  @Mixin private ComputeOptions compute;

  @Override
  public Integer call() throws IOException {
    if (image != null && input != null) {
      throw new IllegalArgumentException("IMAGE and --input exclude each other");
    }
    model = Home.model(model);
    compute.apply();
    try (Workers workers = new Workers(compute.threads())) {
      Engine engine = Engine.of(compute.cpuBackend(), workers);
      new Dump(model, input(), engine.inference()).write(output);
    }
    System.out.println("→ " + output);
    return 0;
  }

  /** [B, C, H, W]. */
  private Tensor input() throws IOException {
    if (input != null) {
      Tensor array = Npy.read(input).tensor();
      return array.rank() == 3 ? array.reshape(1, array.dim(0), array.dim(1), array.dim(2)) : array;
    }
    if (image != null) {
      Path rules = model.resolve("preprocess.json");
      if (!Files.exists(rules)) {
        throw new FormatException(model, "has no preprocess.json for an image; give --input");
      }
      PreparedImage prepared =
          FiringRun.prepare(Preprocessing.read(rules), FrameImage.read(image), image);
      if (prepared.steps() > 1) {
        throw new IllegalArgumentException(
            image + ": a dump is of one frame, which every time step sees; found several");
      }
      return Dump.channelsFirst(Tensor.of(prepared.floats(), prepared.shape()));
    }
    try (FixtureFolder folder = FixtureFolder.open(model)) {
      return folder.input();
    }
  }
}
