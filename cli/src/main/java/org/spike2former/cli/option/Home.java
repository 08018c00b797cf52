package org.spike2former.cli.option;

import java.nio.file.Path;
import org.spike2former.data.config.Shipped;

/** Where the project's models and configurations lie. */
public final class Home {
  /** The launcher sets it. */
  private static final String PROPERTY = "s2f.home";

  private Home() {}

  public static Path path() {
    return Path.of(System.getProperty(PROPERTY, "."));
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

  /** The description of a device of that name. */
  public static Path device(String name) {
    return path().resolve("configs/devices").resolve(name + ".json");
  }
}
