package org.spike2former.train.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.Safetensors;
import org.spike2former.train.TrainingState;

/**
 * The checkpoints of a run: a folder of files {@code step-00000600.safetensors}, each with a whole
 * {@link TrainingState}. A file gets its name only when it is complete and on the disk, and older
 * ones are deleted only after that, so a readable one is always there.
 *
 * <p>Tensors are named {@code weights/NAME}, {@code optimizer/NAME} and {@code ema/NAME}; the
 * header's metadata holds the rest as JSON, and a CRC-32C of everything.
 */
public final class Checkpoints {
  private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})\\.safetensors");
  private static final Pattern TEMPORARY = Pattern.compile("\\.step-\\d+\\.safetensors\\..*");
  private static final String STATE = "state";
  private static final String CHECKSUM = "crc32c";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final int keep;

  /**
   * Checkpoints in a folder.
   *
   * @param keep how many are kept, at least 2
   */
  public Checkpoints(Path folder, int keep) {
    if (keep < 2) {
      throw new IllegalArgumentException("keep: expected at least 2 checkpoints, found " + keep);
    }
    this.folder = folder;
    this.keep = keep;
  }

  /** The file of a step. */
  public Path file(long step) {
    return folder.resolve(String.format(Locale.ROOT, "step-%08d.safetensors", step));
  }

  /** Steps that have a file, ascending; whether they are readable only {@link #load} knows. */
  public List<Long> steps() throws IOException {
    List<Long> steps = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Matcher name = NAME.matcher(file.getFileName().toString());
          if (name.matches()) {
            steps.add(Long.parseLong(name.group(1)));
          }
        }
      }
    }
    steps.sort(Comparator.naturalOrder());
    return steps;
  }

  /**
   * Writes a checkpoint, then deletes all but the last {@code keep} up to it. Files of later steps
   * go too: they belong to a run that was given up.
   *
   * @throws IOException naming the file if it cannot be written; the older ones are then untouched
   */
  public void save(TrainingState state) throws IOException {
    Files.createDirectories(folder);
    Map<String, Tensor> tensors = new TreeMap<>();
    add(tensors, "weights/", state.weights());
    add(tensors, "optimizer/", state.optimiser());
    add(tensors, "ema/", state.ema());
    ObjectNode rest = JSON.createObjectNode();
    rest.put("step", state.step());
    rest.put("best_step", state.bestStep());
    if (!Double.isNaN(state.bestQuality())) {
      rest.put("best_miou", state.bestQuality());
    }
    rest.set("config", state.config());
    rest.set("inputs", state.inputs());
    String text = rest.toString();
    String checksum = TensorChecksum.of(text, tensors);
    Safetensors.write(file(state.step()), tensors, Map.of(STATE, text, CHECKSUM, checksum));
    prune(state.step());
  }

  private static void add(Map<String, Tensor> tensors, String prefix, Map<String, Tensor> section) {
    section.forEach((name, tensor) -> tensors.put(prefix + name, tensor));
  }

  private void prune(long newest) throws IOException {
    List<Long> older = new ArrayList<>(steps());
    older.removeIf(step -> step > newest);
    List<Long> kept = older.subList(Math.max(0, older.size() - keep), older.size());
    for (long step : steps()) {
      if (!kept.contains(step)) {
        Files.deleteIfExists(file(step));
      }
    }
  }

  /** Deletes what a killed process left of a file that it was writing. */
  public void deleteTemporaries() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (TEMPORARY.matcher(file.getFileName().toString()).matches()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /**
   * The newest readable checkpoint.
   *
   * @param notices gets a line for every newer one that is not readable
   * @return null if there is no file at all
   * @throws FormatException if there are files and none is readable
   */
  public TrainingState latest(Consumer<String> notices) throws IOException {
    List<Long> steps = steps();
    IOException first = null;
    for (int i = steps.size() - 1; i >= 0; i--) {
      try {
        TrainingState state = load(file(steps.get(i)));
        if (first != null) {
          notices.accept("goes back to step " + state.step());
        }
        return state;
      } catch (IOException e) {
        notices.accept(e.getMessage());
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw new FormatException(folder, "holds no readable checkpoint", first);
    }
    return null;
  }

  /**
   * Reads a checkpoint and checks it.
   *
   * @throws FormatException if it is damaged
   */
  public static TrainingState load(Path file) throws IOException {
    try (Safetensors archive = Safetensors.open(file)) {
      String text = archive.metadata().get(STATE);
      if (text == null) {
        throw new FormatException(file, "is not a checkpoint of a run: its header has no state");
      }
      Map<String, Tensor> tensors = new TreeMap<>();
      for (String name : archive.names()) {
        tensors.put(name, archive.read(name));
      }
      if (!TensorChecksum.of(text, tensors).equals(archive.metadata().get(CHECKSUM))) {
        throw new FormatException(file, "is damaged: its checksum does not fit");
      }
      JsonNode rest = JSON.readTree(text);
      return new TrainingState(
          rest.path("step").asLong(),
          rest.path("config"),
          rest.path("inputs"),
          rest.path("best_miou").asDouble(Double.NaN),
          rest.path("best_step").asLong(),
          section(tensors, "weights/"),
          section(tensors, "optimizer/"),
          section(tensors, "ema/"));
    } catch (JsonProcessingException e) {
      throw new FormatException(file, "is damaged: its state is not JSON", e);
    }
  }

  private static Map<String, Tensor> section(Map<String, Tensor> tensors, String prefix) {
    Map<String, Tensor> section = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            section.put(name.substring(prefix.length()), tensor);
          }
        });
    return section;
  }
}
