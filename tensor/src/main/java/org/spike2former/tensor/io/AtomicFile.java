package org.spike2former.tensor.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a file next to its target and moves it there when it is complete and on the disk, so that
 * neither a killed process nor a power failure leaves half a file under the target's name.
 */
public final class AtomicFile {
  private static final Logger LOG = LoggerFactory.getLogger(AtomicFile.class);

  private AtomicFile() {}

  /** What to write. */
  @FunctionalInterface
  public interface Body {
    /** Writes the whole content. */
    void writeTo(FileChannel out) throws IOException;
  }

  /**
   * Writes {@code target}, replacing what was there; if {@code body} fails, nothing has changed.
   *
   * @throws IOException naming the file if it cannot be written
   */
  public static void write(Path target, Body body) throws IOException {
    Path full = target.toAbsolutePath();
    if (Files.isDirectory(full) || full.getFileName() == null) {
      throw new FormatException(target, "is a folder, so no file can be written there");
    }
    Path temporary = full.resolveSibling("." + full.getFileName() + "." + UUID.randomUUID());
    try {
      try (FileChannel out =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        body.writeTo(out);
        out.force(true);
      }
      Files.move(
          temporary, full, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder(full.getParent());
    } catch (NoSuchFileException e) {
      throw new FormatException(target, "its folder does not exist", e);
    } catch (FormatException e) {
      throw e;
    } catch (FileSystemException e) {
      String reason = e instanceof AccessDeniedException ? "permission denied" : e.getReason();
      throw new FormatException(target, "cannot be written: " + reason, e);
    } catch (IOException e) {
      throw new FormatException(target, "cannot be written: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** As {@link #write(Path, Body)}, with these bytes. */
  public static void write(Path target, byte[] content) throws IOException {
    write(
        target,
        out -> {
          ByteBuffer bytes = ByteBuffer.wrap(content);
          while (bytes.hasRemaining()) {
            out.write(bytes);
          }
        });
  }

  /** As {@link #write(Path, Body)}, with this text in UTF-8. */
  public static void write(Path target, String text) throws IOException {
    write(target, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The new name reaches the disk too, where folders can be opened (not on Windows). */
  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      LOG.debug("{} cannot be synchronised: {}", folder, e.getMessage());
    }
  }
}
