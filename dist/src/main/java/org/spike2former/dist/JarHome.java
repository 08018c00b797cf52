package org.spike2former.dist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/**
 * The models, configurations and samples of a jar as a folder in the user's cache, where they are
 * unpacked once for each content; where there is no such place, in a temporary folder.
 */
final class JarHome {
  private static final String PREFIX = "home/";

  private JarHome() {}

  /**
   * The folder, unpacked if need be.
   *
   * @throws IOException if the jar can't be read or the files not written
   */
  static Path of(Path jar) throws IOException {
    return of(jar, cache());
  }

  static Path of(Path jar, Path cache) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      List<ZipEntry> entries =
          file.stream()
              .filter(entry -> entry.getName().startsWith(PREFIX) && !entry.isDirectory())
              .collect(Collectors.toList());
      Path home = cache.resolve("spike2former").resolve("home-" + sum(entries));
      if (Files.isDirectory(home)) {
        return home;
      }
      try {
        Files.createDirectories(home.getParent());
        Path part = Files.createTempDirectory(home.getParent(), "part");
        unpack(file, entries, part);
        return move(part, home);
      } catch (IOException e) {
        Path folder = Files.createTempDirectory("spike2former");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        unpack(file, entries, folder);
        return folder;
      }
    }
  }

  private static Path cache() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    if (xdg != null && !xdg.isEmpty()) {
      return Path.of(xdg);
    }
    String local = System.getenv("LOCALAPPDATA");
    if (local != null) {
      return Path.of(local);
    }
    String home = System.getenv("HOME");
    return Path.of(home == null ? System.getProperty("user.home") : home, ".cache");
  }

  /** A sum of the names and of the sums that the jar has of each file. */
  private static String sum(List<ZipEntry> entries) {
    CRC32 sum = new CRC32();
    for (ZipEntry entry : entries) {
      sum.update((entry.getName() + ' ' + entry.getCrc() + '\n').getBytes());
    }
    return String.format(Locale.ROOT, "%08x", sum.getValue());
  }

  private static void unpack(JarFile file, List<ZipEntry> entries, Path folder) throws IOException {
    for (ZipEntry entry : entries) {
      Path target = folder.resolve(entry.getName().substring(PREFIX.length())).normalize();
      if (!target.startsWith(folder)) {
        throw new IOException(entry.getName() + " leads out of its folder");
      }
      Files.createDirectories(target.getParent());
      try (InputStream in = file.getInputStream(entry)) {
        Files.copy(in, target);
      }
    }
  }

  /** Whoever comes second takes what the first one moved there. */
  private static Path move(Path part, Path home) throws IOException {
    try {
      return Files.move(part, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      delete(part);
      if (Files.isDirectory(home)) {
        return home;
      }
      throw e;
    }
  }

  private static void delete(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException error)
                throws IOException {
              Files.delete(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      // A temporary folder stays behind, at worst.
    }
  }
}
