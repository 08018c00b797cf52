package org.spike2former.cli;

import java.nio.file.Path;

/** Where the project's models and configurations lie. */
final class Home {
  /** The launcher sets it. */
  private static final String PROPERTY = "s2f.home";

  private Home() {}

  static Path path() {
    return Path.of(System.getProperty(PROPERTY, "."));
  }

  /** The bundled model's folder. */
  static Path defaultModel() {
    return path().resolve("models/camvid");
  }

  /** The published configuration of that name. */
  static Path config(String name) {
    return path().resolve("configs/models").resolve(name + ".json");
  }

  /** The description of a device of that name. */
  static Path device(String name) {
    return path().resolve("configs/devices").resolve(name + ".json");
  }
}
