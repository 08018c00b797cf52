package org.spike2former.cli.option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spike2former.data.config.Shipped;

/** Where the project's models and configurations lie. */
public final class Home {
  /** The launcher sets it. */
  private static final String PROPERTY = "s2f.home";

  /** What relative names of files are relative to, where that is not this process's own folder. */
  private static final String FOLDER = "s2f.folder";

  /** Scheme, host and file of a URI, which may have lost a slash as a path. */
  private static final Pattern REMOTE = Pattern.compile("([a-z][a-z0-9+.-]+):/+([^/]+)(/.*)");

  private Home() {}

  public static Path path() {
    return Path.of(System.getProperty(PROPERTY, "."));
  }

  /**
   * What the user calls by this name; what is shipped keeps it. A name such as hdfs://HOST/FILE is
   * one of {@link RemoteFiles}.
   *
   * @throws IllegalArgumentException for such a name where module cluster is not there
   */
  public static Path named(String name) {
    Matcher remote = REMOTE.matcher(name);
    if (remote.matches()) {
      return ServiceLoader.load(RemoteFiles.class)
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException(name + ": readable with --cluster alone"))
          .path(remote.group(1), remote.group(2), remote.group(3));
    }
    Path plain = Path.of(name);
    Path file = Path.of(System.getProperty(FOLDER, "")).resolve(plain);
    return !Files.exists(file) && isShipped(plain) ? plain : file;
  }

  private static boolean isShipped(Path name) {
    return name.getNameCount() == 1
        && Stream.of(datasets(), trainings(), models())
            .anyMatch(all -> Files.exists(all.named(name.toString())));
  }

  /** Takes the place of a process that was started elsewhere. */
  public static void set(String home, String folder) {
    System.setProperty(PROPERTY, home);
    System.setProperty(FOLDER, folder);
  }

  /** The bundled model's folder. */
  public static Path defaultModel() {
    return path().resolve("models/camvid");
  }

  /** The folder of configurations. */
  public static Path configs() {
    return path().resolve("configs");
  }

  /** Trainings that have a name. */
  public static Shipped trainings() {
    return Shipped.trainings(configs());
  }

  /** Data sets that have a name. */
  public static Shipped datasets() {
    return Shipped.datasets(configs());
  }

  /** Networks that have a name. */
  public static Shipped networks() {
    return Shipped.networks(configs());
  }

  /** Model folders that have a name. */
  public static Shipped models() {
    return new Shipped(path().resolve("models"), "");
  }

  /** A model folder by path or name; null: the bundled one. */
  public static Path model(Path given) {
    if (given == null) {
      return defaultModel();
    }
    Path found = models().find(given);
    return found == null ? given : found;
  }

  /** A sample that ships with the project. */
  public static Path samples(String name) {
    return path().resolve("samples").resolve(name);
  }

  /** Descriptions of devices. */
  public static Shipped devices() {
    return new Shipped(configs().resolve("devices"), ".json");
  }

  /** What devices can do at most. */
  public static Shipped roofs() {
    return new Shipped(configs().resolve("roofs"), ".json");
  }
}
