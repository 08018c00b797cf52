package org.spike2former.data.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What ships with the project in a folder, and has a name that may be given wherever a path may.
 * What lies under the path itself goes first.
 *
 * @param folder that holds them
 * @param suffix what follows a name in it, such as ".yaml"; empty for folders
 */
public record Shipped(Path folder, String suffix) {
  /** Trainings in a folder of configurations. */
  public static Shipped trainings(Path configs) {
    return new Shipped(configs, ".yaml");
  }

  /** Data sets in a folder of configurations. */
  public static Shipped datasets(Path configs) {
    return new Shipped(configs.resolve("datasets"), ".yaml");
  }

  /** Networks in a folder of configurations. */
  public static Shipped networks(Path configs) {
    return new Shipped(configs.resolve("models"), ".json");
  }

  /** What a path or name stands for; null if there is nothing of the kind. */
  public Path find(Path given) {
    Path named = named(given.toString());
    boolean isThere = suffix.isEmpty() ? Files.exists(given) : Files.isRegularFile(given);
    if (!isThere && isName(given) && Files.exists(named)) {
      return named;
    }
    return Files.exists(given) ? given : null;
  }

  /** Where something of a name lies, if it is there. */
  public Path named(String name) {
    return folder.resolve(name + suffix);
  }

  /**
   * What a path or name stands for.
   *
   * @throws ConfigException if there is nothing of the kind
   */
  public Path get(Path given) throws IOException {
    Path found = find(given);
    if (found == null) {
      throw new ConfigException(
          given,
          isName(given)
              ? "no such file, nor a name in " + folder + suggestion(given.toString())
              : "no such file");
    }
    return found;
  }

  /** Whether it may be meant as a name: neither are there folders in it nor suffixes. */
  private static boolean isName(Path given) {
    return given.getNameCount() == 1 && given.toString().matches("[^./\\\\][^./\\\\]*");
  }

  /** "; did you mean B?" or nothing. */
  public String suggestion(String name) throws IOException {
    return Spelling.nearest(name, names());
  }

  /** All names. */
  public List<String> names() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(found -> found.getFileName().toString())
          .filter(name -> name.endsWith(suffix) && !name.startsWith("."))
          .map(name -> name.substring(0, name.length() - suffix.length()))
          .sorted()
          .toList();
    }
  }
}
