package org.spike2former.verify.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorFiles;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.training.GradientParity;

/**
 * A folder with one network and what the authors' PyTorch code made of one input:
 *
 * <ul>
 *   <li>{@code model.json}, the configuration
 *   <li>{@code weights.safetensors} or {@code weights.pth}, or both
 *   <li>{@code io_f64.safetensors}, {@code io_f32.safetensors}: {@code input} [B,3,H,W] and results
 *   <li>{@code trace_f64.safetensors}: outputs of blocks by module path
 *   <li>{@code spikes.safetensors}: integer outputs of neuron layers by module path, uint8
 *   <li>{@code potential_means_f64.safetensors}: the mean of every channel of what neuron layers
 *       were given, likewise
 *   <li>{@code grads_train_f64.safetensors}: a backward pass, see {@link GradientParity}
 * </ul>
 *
 * <p>Of the last six, those that are there are compared; one of the two {@code io} files must be.
 */
public final class FixtureFolder implements AutoCloseable {
  private static final String INPUT = "input";

  private final Path path;
  private final ModelConfig config;
  private final Path weights;
  private final Path checkpoint;
  private final List<TensorArchive> open = new ArrayList<>();
  private final Map<ComparisonKind, RecordedFile> recorded = new EnumMap<>(ComparisonKind.class);
  private final Tensor input;

  private FixtureFolder(Path path, Path weights) throws IOException {
    this.path = path;
    if (!Files.isDirectory(path)) {
      throw new FormatException(path, "expected a folder of recordings");
    }
    if (!Files.exists(path.resolve("model.json"))) {
      throw new FormatException(path, "the folder has no model.json");
    }
    config = ModelConfig.read(path.resolve("model.json"));
    Path pth = path.resolve("weights.pth");
    checkpoint = Files.exists(pth) ? pth : null;
    this.weights = weights != null ? weights : ownWeights();
    try {
      input = openFiles();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Opens a folder.
   *
   * @throws FormatException naming the file that is missing or damaged
   */
  public static FixtureFolder open(Path folder) throws IOException {
    return new FixtureFolder(folder, null);
  }

  /**
   * Opens a folder whose weights lie elsewhere.
   *
   * @throws FormatException naming the file that is missing or damaged
   */
  public static FixtureFolder open(Path folder, Path weights) throws IOException {
    return new FixtureFolder(folder, weights);
  }

  private Path ownWeights() throws IOException {
    Path safetensors = path.resolve("weights.safetensors");
    if (Files.exists(safetensors)) {
      return safetensors;
    }
    if (checkpoint == null) {
      throw new FormatException(path, "the folder has neither weights.safetensors nor weights.pth");
    }
    return checkpoint;
  }

  private Tensor openFiles() throws IOException {
    openFile(ComparisonKind.OUTPUT, "io_f64.safetensors");
    openFile(ComparisonKind.OUTPUT_F32, "io_f32.safetensors");
    if (open.isEmpty()) {
      throw new FormatException(
          path, "the folder has neither io_f64.safetensors nor io_f32.safetensors");
    }
    Tensor image = readInput(open.get(0));
    openFile(ComparisonKind.TRACE, "trace_f64.safetensors");
    openFile(ComparisonKind.SPIKES, "spikes.safetensors");
    openFile(ComparisonKind.POTENTIAL, "potential_means_f64.safetensors");
    openFile(ComparisonKind.GRADIENT, "grads_train_f64.safetensors");
    return image;
  }

  private void openFile(ComparisonKind kind, String name) throws IOException {
    Path file = path.resolve(name);
    if (Files.exists(file)) {
      TensorArchive archive = TensorFiles.open(file);
      open.add(archive);
      recorded.put(kind, new RecordedFile(kind, archive));
    }
  }

  private Tensor readInput(TensorArchive io) throws IOException {
    if (!io.names().contains(INPUT)) {
      throw new FormatException(io.path(), "has no tensor " + INPUT);
    }
    int[] shape = io.shape(INPUT);
    int channels = config.backbone().inChannels();
    if (shape.length != 4 || shape[1] != channels || Shape.size(shape) == 0) {
      throw new FormatException(
          io.path(),
          INPUT + ": expected shape [B, " + channels + ", H, W], found " + Shape.toString(shape));
    }
    return io.read(INPUT);
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /** The configuration of the network. */
  public ModelConfig config() {
    return config;
  }

  /** The file to load weights from. */
  public Path weights() {
    return weights;
  }

  /** The weights once more as a PyTorch checkpoint, where the folder has both. */
  public Optional<Path> otherWeights() {
    return Optional.ofNullable(weights.equals(checkpoint) ? null : checkpoint);
  }

  /** The input, [B, C, H, W]. */
  public Tensor input() {
    return input;
  }

  /** The files of these kinds that are there. */
  public List<RecordedFile> recorded(ComparisonKind... kinds) {
    List<RecordedFile> files = new ArrayList<>();
    for (ComparisonKind kind : kinds) {
      if (recorded.containsKey(kind)) {
        files.add(recorded.get(kind));
      }
    }
    return files;
  }

  @Override
  public void close() throws IOException {
    for (TensorArchive archive : open) {
      archive.close();
    }
  }
}
