package org.spike2former.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;

/** What is done with whole folders. */
public final class Folders {
  private Folders() {}

  /** Fills a folder. */
  @FunctionalInterface
  public interface Filling<T> {
    T fill(Path folder) throws IOException;
  }

  /**
   * Writes a folder that is whole in the end or not there.
   *
   * @param output must not be there yet, or be empty
   * @param filling is given a folder of another name
   * @return what the filling returns
   * @throws IOException naming {@code output} if it cannot be written; nothing is left then
   */
  public static <T> T write(Path output, Filling<T> filling) throws IOException {
    Path target = output.toAbsolutePath().normalize();
    requireNew(target, output);
    Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      Files.createDirectories(temporary);
      T result = filling.fill(temporary);
      Files.deleteIfExists(target);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return result;
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      throw new IOException(output + ": cannot be written: something else was written there", e);
    } finally {
      delete(temporary);
    }
  }

  private static void requireNew(Path target, Path output) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    boolean empty = false;
    if (Files.isDirectory(target)) {
      try (Stream<Path> content = Files.list(target)) {
        empty = content.findFirst().isEmpty();
      }
    }
    if (!empty) {
      throw new IOException(output + ": is there already; give a new folder");
    }
  }

  /**
   * Deletes a folder with all that is in it; does nothing where there is none.
   *
   * @throws IOException if something in it cannot be deleted; the rest may be gone then
   */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> inside = Files.walk(folder)) {
      for (Path file : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
