package org.spike2former.tensor.io;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds the file of weights in a folder. */
public final class WeightsFolder {
  private static final List<String> FIRST = List.of("weights.safetensors", "weights.pth");
  private static final List<String> ENDINGS =
      List.of(".safetensors", ".pth", ".pt", ".ckpt", ".bin", ".pth.tar");
  private static final String INDEX = ".index.json";
  private static final String PART = ".*-\\d{5}-of-\\d{5}\\.\\w+";

  /** What accelerate and transformers write next to the weights. */
  private static final String TRAINER_STATE =
      "(optimizer|scheduler|scaler|sampler|dl_state_dict|rng_state|random_states|training_args)"
          + "(_\\d+)*\\.\\w+";

  private static final int MAX_SHOWN = 8;

  private WeightsFolder() {}

  /**
   * The file that holds a folder's weights: {@code weights.safetensors}, else {@code weights.pth},
   * else the only other one that is named like weights. That may be the index of a sharded
   * checkpoint, see {@link ShardedArchive}.
   *
   * @throws FormatException if there is none, or more than one; the message lists them
   */
  public static Path find(Path folder) throws IOException {
    for (String name : FIRST) {
      if (Files.exists(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    List<String> indices = new ArrayList<>();
    List<String> parts = new ArrayList<>();
    List<String> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (name.startsWith(".") || !Files.isRegularFile(entry)) {
          continue;
        }
        if (isIndex(name)) {
          indices.add(name);
        } else if (isWeights(name)) {
          (name.matches(PART) ? parts : files).add(name);
        }
      }
    }
    if (indices.isEmpty() && files.isEmpty()) {
      String lacking =
          parts.isEmpty()
              ? "it holds no weights.safetensors and no other file of weights (" + endings() + ")"
              : "it holds parts of a checkpoint but no index (*" + INDEX + ") of them";
      throw new FormatException(folder, "not a model folder: " + lacking);
    }
    List<String> found = new ArrayList<>(indices);
    found.addAll(files);
    if (found.size() > 1) {
      found.sort(null);
      String shown = String.join(", ", found.subList(0, Math.min(MAX_SHOWN, found.size())));
      throw new FormatException(
          folder,
          "holds "
              + found.size()
              + " files that could be its weights: "
              + shown
              + (found.size() > MAX_SHOWN ? ", …" : "")
              + "; name the right one weights.pth or weights.safetensors, or give it alone");
    }
    return folder.resolve(found.get(0));
  }

  /**
   * What {@link #find} finds, and where that is an index, the parts that it may name.
   *
   * @throws FormatException as {@link #find} says
   */
  public static List<Path> files(Path folder) throws IOException {
    Path weights = find(folder);
    List<Path> files = new ArrayList<>(List.of(weights));
    if (isIndex(weights.getFileName().toString())) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
        for (Path entry : entries) {
          String name = entry.getFileName().toString();
          if (isWeights(name) && !isIndex(name) && Files.isRegularFile(entry)) {
            files.add(entry);
          }
        }
      }
    }
    return files;
  }

  private static String endings() {
    return String.join(", ", ENDINGS);
  }

  /** Whether a file's name is that of the index of a sharded checkpoint. */
  static boolean isIndex(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(INDEX);
  }

  static boolean isWeights(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !name.startsWith(".")
        && !lower.matches(TRAINER_STATE)
        && ENDINGS.stream().anyMatch(lower::endsWith);
  }
}
