package org.spike2former.train.run;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.Safetensors;

/**
 * The output folder of a run.
 *
 * @param path of the folder
 */
public record RunFolder(Path path) {
  /** The key of a model's weights file that says after which step it was written. */
  public static final String STEP = "step";

  private static final Pattern TEMPORARY =
      Pattern.compile(
          "\\.\\w+\\.(json|jsonl|yaml|png|safetensors)\\.[0-9a-f]{8}(-[0-9a-f]{4,12}){4}");

  /** The model with the highest mIoU, or PQ, so far. */
  public Path best() {
    return path.resolve("best");
  }

  /** The model of the last checkpoint. */
  public Path last() {
    return path.resolve("last");
  }

  public Path checkpoints() {
    return path.resolve("checkpoints");
  }

  public Path log() {
    return path.resolve("log.jsonl");
  }

  public Path config() {
    return path.resolve("config.yaml");
  }

  /**
   * Makes the folders.
   *
   * @throws IOException naming what cannot be a folder, or cannot be written to: now rather than
   *     after the first steps
   */
  public void create() throws IOException {
    for (Path folder : List.of(path, checkpoints(), last())) {
      try {
        Files.createDirectories(folder);
      } catch (FileAlreadyExistsException e) {
        Path file = Path.of(e.getFile());
        String what = Files.exists(file) ? "a file" : "a link to nothing";
        throw new FormatException(file, "is " + what + " where a folder is needed", e);
      }
    }
    for (Path folder : List.of(path, checkpoints(), last(), best())) {
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        throw new FormatException(folder, "is a file where a folder is needed");
      }
      if (Files.exists(folder) && !Files.isWritable(folder)) {
        throw new FormatException(folder, "cannot be written to: permission denied");
      }
    }
  }

  /** Deletes what a killed process left of files that it was writing, but for checkpoints. */
  public void deleteTemporaries() throws IOException {
    for (Path folder : List.of(path, last(), best())) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path file : files.toList()) {
            if (TEMPORARY.matcher(file.getFileName().toString()).matches()) {
              Files.deleteIfExists(file);
            }
          }
        }
      }
    }
  }

  /**
   * Whether {@link #last} is of this step: a process may be killed between checkpoint and model.
   */
  public boolean isLast(long step) {
    Path weights = last().resolve("weights.safetensors");
    if (!Files.exists(weights)) {
      return false;
    }
    try (Safetensors archive = Safetensors.open(weights)) {
      return Long.toString(step).equals(archive.metadata().get(STEP));
    } catch (IOException _) {
      return false;
    }
  }
}
