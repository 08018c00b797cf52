package org.spike2former.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.spike2former.tensor.io.AtomicFile;
import org.spike2former.tensor.io.FormatException;

/**
 * A run's log, {@code log.jsonl}: one JSON object a line, one line for every step and every
 * evaluation. A run that goes on first drops the lines after its checkpoint, so that in the end the
 * log is that of a run that was never stopped, but for the times.
 */
public final class TrainLog implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final FileChannel channel;
  private final List<JsonNode> entries;

  private TrainLog(Path file, FileChannel channel, List<JsonNode> entries) {
    this.file = file;
    this.channel = channel;
    this.entries = entries;
  }

  /**
   * Opens the log of a run that goes on after {@code step}; 0 for an empty one.
   *
   * @throws IOException naming the file if it cannot be read or written
   */
  public static TrainLog open(Path file, long step) throws IOException {
    List<JsonNode> entries = step == 0 ? new ArrayList<>() : read(file, step);
    StringBuilder kept = new StringBuilder();
    entries.forEach(entry -> kept.append(entry).append('\n'));
    AtomicFile.write(file, kept.toString().getBytes(StandardCharsets.UTF_8));
    return new TrainLog(file, FileChannel.open(file, StandardOpenOption.APPEND), entries);
  }

  /** Entries up to a step. A line that a killed process left unfinished ends the log. */
  private static List<JsonNode> read(Path file, long step) throws IOException {
    List<JsonNode> entries = new ArrayList<>();
    if (!Files.exists(file)) {
      return entries;
    }
    for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n")) {
      JsonNode entry;
      try {
        entry = JSON.readTree(line);
      } catch (JsonProcessingException e) {
        break;
      }
      if (!entry.has("step") || entry.get("step").asLong() > step) {
        break;
      }
      entries.add(entry);
    }
    return entries;
  }

  /** An empty entry of a step. */
  static ObjectNode entry(long step) {
    return JSON.createObjectNode().put("step", step);
  }

  /**
   * Appends an entry.
   *
   * @throws IOException naming the file if the disk is full
   */
  public void add(ObjectNode entry) throws IOException {
    entries.add(entry);
    ByteBuffer line = ByteBuffer.wrap((entry + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } catch (IOException e) {
      throw new FormatException(file, "cannot be written: " + e.getMessage(), e);
    }
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
