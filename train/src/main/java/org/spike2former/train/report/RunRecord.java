package org.spike2former.train.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.train.Quality;
import org.spike2former.train.run.RunFolder;
import org.spike2former.train.run.TrainLog;

/**
 * What the folder of a run says of it, whether it is finished or not.
 *
 * @param folder of the run
 * @param config as it was used
 * @param entries of its log
 */
public record RunRecord(RunFolder folder, JsonNode config, List<JsonNode> entries) {
  private static final int RECENT = 20;

  /**
   * An evaluation.
   *
   * @param value of the measure by which models are compared, 0…1; NaN where nothing counted
   */
  public record Score(long step, double value) {}

  /**
   * Reads a folder.
   *
   * @throws IOException naming the file that is missing or damaged
   */
  public static RunRecord read(Path path) throws IOException {
    RunFolder folder = new RunFolder(path);
    if (!isRun(path)) {
      throw new FormatException(path, "holds no run: it has no log.jsonl and config.yaml");
    }
    JsonNode config = ConfigTree.readYaml(folder.config()).root();
    return new RunRecord(folder, config, TrainLog.read(folder.log(), Long.MAX_VALUE, _ -> {}));
  }

  /** Whether a folder is that of a run. */
  public static boolean isRun(Path path) {
    RunFolder folder = new RunFolder(path);
    return Files.isRegularFile(folder.log()) && Files.isRegularFile(folder.config());
  }

  /** Finished steps. */
  public long steps() {
    return entries.stream().mapToLong(entry -> entry.get("step").asLong()).max().orElse(0);
  }

  /** Steps that it was to have. */
  public long iterations() {
    return config.path("train").path("iterations").asLong();
  }

  /** The measure by which its models are compared. */
  public Quality measure() {
    return Stream.of(Quality.PQ, Quality.MDICE)
        .filter(each -> entries.stream().anyMatch(entry -> entry.has(each.key())))
        .findFirst()
        .orElse(Quality.MIOU);
  }

  /** All evaluations, the first first. */
  public List<Score> scores() {
    String key = measure().key();
    return entries.stream()
        .filter(entry -> entry.has(key))
        .map(entry -> new Score(entry.get("step").asLong(), entry.get(key).asDouble(Double.NaN)))
        .toList();
  }

  /** The first of the best evaluations; null if there is none with a value. */
  public Score best() {
    Score best = null;
    for (Score score : scores()) {
      if (!Double.isNaN(score.value) && (best == null || score.value > best.value)) {
        best = score;
      }
    }
    return best;
  }

  /** The last evaluation; null if there is none. */
  public Score last() {
    return scores().isEmpty() ? null : scores().getLast();
  }

  /** Mean loss of the last steps; NaN if there is none. */
  public double loss() {
    List<Double> losses =
        entries.stream()
            .filter(entry -> entry.path("loss").isNumber())
            .map(entry -> entry.get("loss").asDouble())
            .toList();
    return losses.subList(Math.max(0, losses.size() - RECENT), losses.size()).stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.NaN);
  }

  /** What steps and evaluations took, without the pauses of a run that was stopped. */
  public double seconds() {
    return entries.stream().mapToDouble(entry -> entry.path("seconds").asDouble()).sum();
  }

  /** Images of all steps over the seconds of these; NaN if there is no step. */
  public double imagesPerSecond() {
    double images = 0;
    double seconds = 0;
    for (JsonNode entry : entries) {
      if (entry.path("images_per_second").isNumber()) {
        seconds += entry.path("seconds").asDouble();
        images += entry.path("seconds").asDouble() * entry.get("images_per_second").asDouble();
      }
    }
    return images / seconds;
  }
}
