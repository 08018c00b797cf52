package org.spike2former.tensor.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.spike2former.tensor.Tensor;

/**
 * Writes a safetensors file tensor by tensor, so that none need stay in memory. Elements go to a
 * file next to the target until {@link #finish} puts the header in front of them.
 *
 * <p>Tensors lie in the order in which they came; those of the widest type should come first, so
 * that all are aligned.
 */
public final class SafetensorsWriter implements AutoCloseable {
  private final Path target;
  private final Path spool;
  private final FileChannel elements;
  private final List<SafetensorsHeader.Entry> entries = new ArrayList<>();

  /**
   * Begins a file.
   *
   * @throws IOException if its folder cannot be written to
   */
  public SafetensorsWriter(Path target) throws IOException {
    this.target = target;
    Path full = target.toAbsolutePath();
    spool = full.resolveSibling("." + full.getFileName() + "." + UUID.randomUUID());
    elements =
        FileChannel.open(
            spool,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
  }

  /**
   * Adds a tensor: float32 as F32, float64 as F64, spikes as U8 without their scale.
   *
   * @throws IllegalArgumentException if there is one of that name
   * @throws IOException naming the target if the disk is full
   */
  public void add(String name, Tensor tensor) throws IOException {
    if (entries.stream().anyMatch(entry -> entry.name().equals(name))) {
      throw new IllegalArgumentException(target + ": has " + name + " already");
    }
    try {
      entries.add(Safetensors.entry(name, tensor, elements.position()));
      Elements.write(tensor, elements);
    } catch (IOException e) {
      throw new FormatException(target, "cannot be written: " + e.getMessage(), e);
    }
  }

  /** Writes the file; an older one is there until then. */
  public void finish() throws IOException {
    byte[] header = SafetensorsHeader.encode(entries, Map.of());
    AtomicFile.write(
        target,
        out -> {
          Safetensors.writeStart(header, out);
          long size = elements.size();
          for (long from = 0; from < size; ) {
            from += elements.transferTo(from, size - from, out);
          }
        });
  }

  /** Without {@link #finish}, nothing is left. */
  @Override
  public void close() throws IOException {
    elements.close();
    Files.deleteIfExists(spool);
  }
}
