package org.spike2former.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.spike2former.tensor.io.AtomicFile;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.train.Quality;
import org.spike2former.train.StepReport;

/**
 * A run's log, {@code log.jsonl}: one JSON object a line, one line for every step and every
 * evaluation. A run that goes on first drops the lines after its checkpoint, so that in the end the
 * log is that of a run that was never stopped, but for the times.
 *
 * <p>Where a line cannot be written the entries are kept, for {@link #repair}.
 */
public final class TrainLog implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final List<JsonNode> entries;
  private FileChannel channel;
  private boolean broken;

  private TrainLog(Path file, List<JsonNode> entries) {
    this.file = file;
    this.entries = entries;
  }

  /**
   * Opens the log of a run that goes on after {@code step}; 0 for an empty one.
   *
   * @param notices gets a line if lines cannot be read, which are then left out
   * @throws IOException naming the file if it cannot be read or written
   */
  public static TrainLog open(Path file, long step, Consumer<String> notices) throws IOException {
    TrainLog log = new TrainLog(file, step == 0 ? new ArrayList<>() : read(file, step, notices));
    log.rewrite();
    return log;
  }

  /**
   * Entries up to a step. The end of the last line may be missing where a process was killed.
   *
   * @param notices gets a line if other lines cannot be read, which are then left out
   */
  public static List<JsonNode> read(Path file, long step, Consumer<String> notices)
      throws IOException {
    List<JsonNode> entries = new ArrayList<>();
    if (!Files.exists(file)) {
      return entries;
    }
    int unreadable = 0;
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new FormatException(file, "cannot be read: " + e.getMessage(), e);
    }
    for (int from = 0; from < content.length; ) {
      int end = from;
      while (end < content.length && content[end] != '\n') {
        end++;
      }
      JsonNode entry = parse(content, from, end);
      if (entry != null && entry.get("step").asLong() <= step) {
        entries.add(entry);
      }
      unreadable += entry == null && end > from && end < content.length ? 1 : 0;
      from = end + 1;
    }
    if (unreadable > 0) {
      notices.accept(file + ": " + unreadable + " lines cannot be read; left out");
    }
    return entries;
  }

  /** The entry in a range of bytes; null if there is none. */
  private static JsonNode parse(byte[] content, int from, int end) {
    try {
      JsonNode entry = JSON.readTree(content, from, end - from);
      return entry.path("step").isIntegralNumber() ? entry : null;
    } catch (IOException _) {
      return null; // neither JSON nor, as Jackson sees it, text at all
    }
  }

  /** An empty entry of a step. */
  public static ObjectNode entry(long step) {
    return JSON.createObjectNode().put("step", step);
  }

  /**
   * The entry of a step.
   *
   * @param images that it took
   * @param seconds that it took
   * @param costs further numbers, by key
   */
  public static ObjectNode entry(
      StepReport report, int images, double seconds, Map<String, Double> costs) {
    ObjectNode entry = entry(report.step());
    put(entry, "loss", report.loss());
    put(entry, "loss_cls", report.cls());
    put(entry, "loss_mask", report.mask());
    put(entry, "loss_dice", report.dice());
    put(entry, "grad_norm", report.gradientNorm());
    put(entry, "lr", report.learningRate());
    put(entry, "seconds", seconds);
    put(entry, "images_per_second", images / seconds);
    costs.forEach((key, value) -> put(entry, key, value));
    return entry;
  }

  /** Puts a number into an entry; null where it is none, since JSON has neither NaN nor ∞. */
  public static void put(ObjectNode entry, String key, double value) {
    if (Double.isFinite(value)) {
      entry.put(key, value);
    } else {
      entry.putNull(key);
    }
  }

  /** The entry of the evaluation after a step; null if there is none. */
  public static JsonNode evaluation(List<JsonNode> entries, long step) {
    return entries.stream()
        .filter(entry -> entry.get("step").asLong() == step)
        .filter(entry -> Stream.of(Quality.values()).anyMatch(each -> entry.has(each.key())))
        .findFirst()
        .orElse(null);
  }

  /**
   * Appends an entry.
   *
   * @throws IOException naming the file if it cannot be written; the entry counts all the same
   */
  public void add(ObjectNode entry) throws IOException {
    entries.add(entry);
    ByteBuffer line = ByteBuffer.wrap((entry + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (!broken && line.hasRemaining()) {
        channel.write(line);
      }
    } catch (IOException e) {
      broken = true;
      throw new FormatException(file, "cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Appends an entry. One that cannot be written is worth a line, but no run: it can wait for
   * {@link #repair}.
   */
  public void tryAdd(ObjectNode entry, Consumer<String> notices) {
    try {
      add(entry);
    } catch (IOException e) {
      notices.accept("warning: " + e.getMessage() + "; tried again with the next checkpoint");
    }
  }

  /**
   * Writes all entries anew if a line could not be written, or if the file is gone.
   *
   * @throws IOException naming the file if it still cannot be written
   */
  public void repair() throws IOException {
    if (broken || Files.notExists(file)) {
      close();
      rewrite();
    }
  }

  private void rewrite() throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (JsonNode entry : entries) {
      lines.write((entry + "\n").getBytes(StandardCharsets.UTF_8));
    }
    AtomicFile.write(file, lines.toByteArray());
    channel = FileChannel.open(file, StandardOpenOption.APPEND);
    broken = false;
  }

  /** All entries, the oldest first. */
  public List<JsonNode> entries() {
    return Collections.unmodifiableList(entries);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
