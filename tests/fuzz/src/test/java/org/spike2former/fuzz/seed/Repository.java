package org.spike2former.fuzz.seed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files that the repository has anyway, as seeds. */
public final class Repository {
  /** The project's folder. */
  public static final Path ROOT =
      Path.of(System.getProperty("s2f.root", "../..")).toAbsolutePath().normalize();

  /** Larger ones make slow seeds. */
  private static final int MOST_BYTES = 8192;

  private Repository() {}

  public static byte[] file(String name) {
    try {
      return Files.readAllBytes(ROOT.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The small files of a folder whose names are like this, such as {@code *.png}, by name. */
  public static List<byte[]> files(String folder, String glob) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(ROOT.resolve(folder), glob)) {
      List<Path> files = new ArrayList<>();
      found.forEach(files::add);
      files.sort(null);
      List<byte[]> contents = new ArrayList<>();
      for (Path file : files) {
        if (Files.size(file) <= MOST_BYTES) {
          contents.add(Files.readAllBytes(file));
        }
      }
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
