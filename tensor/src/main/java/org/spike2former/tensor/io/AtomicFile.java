package org.spike2former.tensor.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file beside its target and moves it there when it is complete. */
final class AtomicFile {
  private AtomicFile() {}

  /** What to write. */
  interface Body {
    void writeTo(FileChannel out) throws IOException;
  }

  /**
   * Writes {@code target}, replacing what was there; if {@code body} fails, nothing has changed.
   *
   * @throws IOException naming the file if it cannot be written
   */
  static void write(Path target, Body body) throws IOException {
    Path full = target.toAbsolutePath();
    if (Files.isDirectory(full) || full.getFileName() == null) {
      throw new FormatException(target, "is a folder, so no file can be written there");
    }
    Path temporary = full.resolveSibling("." + full.getFileName() + "." + UUID.randomUUID());
    try {
      try (FileChannel out =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        body.writeTo(out);
      }
      Files.move(
          temporary, full, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      throw new FormatException(target, "its folder does not exist", e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
