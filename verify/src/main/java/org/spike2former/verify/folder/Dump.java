package org.spike2former.verify.folder;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.spike2former.model.network.Network;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.model.weights.ModelWeights;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.Safetensors;
import org.spike2former.tensor.io.SafetensorsWriter;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Difference;

/**
 * Writes a folder of recordings, as {@link FixtureFolder} reads it, of what this implementation
 * computes: so that PyTorch can be checked against it, or one machine against another.
 */
public final class Dump {
  private static final String WEIGHTS = "weights.safetensors";

  private final Path model;
  private final Tensor input;
  private final Function<Precision, Ops> backend;
  private final Network network;
  private final Layouts layouts;
  private final boolean plain;

  /**
   * Loads the network.
   *
   * @param model a folder with {@code model.json} and weights
   * @param input [B, C, H, W], normalised
   * @param backend makes the operations, for either real type
   * @throws IOException if the folder or the input is not as it should be
   */
  public Dump(Path model, Tensor input, Function<Precision, Ops> backend) throws IOException {
    int[] shape = input.shape();
    network = Network.of(ModelFolder.config(model));
    int channels = network.config().backbone().inChannels();
    if (shape.length != 4 || shape[1] != channels || input.size() == 0) {
      throw new IllegalArgumentException(
          "input: expected shape [B, " + channels + ", H, W], found " + Shape.toString(shape));
    }
    int bad = Difference.firstNotFinite(input);
    if (bad >= 0) {
      throw new IllegalArgumentException("input: NaN or infinite at element " + bad);
    }
    this.model = model;
    this.input = input;
    this.backend = backend;
    plain = ModelWeights.load(network.parameters(), ModelFolder.weights(model), false).isPlain();
    layouts = new Layouts(network.config().backbone().timeSteps(), shape[0]);
  }

  /** The input [1, C, H, W] of one image [1, H, W, C]. */
  public static Tensor channelsFirst(Tensor image) {
    return new Layouts(1, 1).toRecorded("input", image);
  }

  /**
   * Runs in float64 and in float32, and writes the folder, which appears when it is complete.
   *
   * @throws FormatException if there is something of that name, but for an empty folder
   */
  public void write(Path folder) throws IOException {
    requireFree(folder);
    Path full = folder.toAbsolutePath().normalize();
    Path temporary = full.resolveSibling("." + full.getFileName() + "." + UUID.randomUUID());
    try {
      Files.createDirectories(temporary);
      copy(model.resolve(ModelFolder.CONFIG), temporary.resolve(ModelFolder.CONFIG));
      writeWeights(temporary.resolve(WEIGHTS));
      run(temporary, Precision.F64);
      run(temporary, Precision.F32);
      Files.move(temporary, full, StandardCopyOption.ATOMIC_MOVE);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      delete(temporary);
    }
  }

  private static void requireFree(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        if (files.iterator().hasNext()) {
          throw new FormatException(folder, "is not empty, so no dump is written there");
        }
      }
    } else if (Files.exists(folder)) {
      throw new FormatException(folder, "is a file, so no dump is written there");
    }
  }

  private void writeWeights(Path target) throws IOException {
    Path source = ModelFolder.weights(model);
    if (plain && source.getFileName().toString().equals(WEIGHTS)) {
      copy(source, target);
      return;
    }
    Safetensors.write(target, network.parameters().values(), Map.of());
  }

  /** Content alone: a source that is read-only should not make the copy so. */
  private static void copy(Path source, Path target) throws IOException {
    try (OutputStream out = Files.newOutputStream(target)) {
      Files.copy(source, out);
    }
  }

  private void run(Path folder, Precision precision) throws IOException {
    Map<ComparisonKind, SafetensorsWriter> files = new EnumMap<>(ComparisonKind.class);
    try {
      String end = precision == Precision.F64 ? "_f64.safetensors" : "_f32.safetensors";
      files.put(ComparisonKind.OUTPUT, new SafetensorsWriter(folder.resolve("io" + end)));
      if (precision == Precision.F64) {
        files.put(ComparisonKind.TRACE, new SafetensorsWriter(folder.resolve("trace" + end)));
        files.put(
            ComparisonKind.SPIKES, new SafetensorsWriter(folder.resolve("spikes.safetensors")));
        Path means = folder.resolve("potential_means" + end);
        files.put(ComparisonKind.POTENTIAL, new SafetensorsWriter(means));
      }
      files.get(ComparisonKind.OUTPUT).add("input", input.to(precision.type()));
      Ops ops = new DumpOps(backend.apply(precision), layouts, files);
      Tensor image = layouts.toModel("input", input).to(precision.type());
      network.logitsInFull(ops, image);
      for (SafetensorsWriter file : files.values()) {
        file.finish();
      }
    } finally {
      for (SafetensorsWriter file : files.values()) {
        file.close();
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }
}
