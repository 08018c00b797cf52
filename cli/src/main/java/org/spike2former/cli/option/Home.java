package org.spike2former.cli.option;

import java.nio.file.Path;

/** Where the project's models and configurations lie. */
public final class Home {
  /** The launcher sets it. */
  private static final String PROPERTY = "s2f.home";

  /** What relative names of files are relative to, where that is not this process's own folder. */
  private static final String FOLDER = "s2f.folder";

  private Home() {}

  public static Path path() {
    return Path.of(System.getProperty(PROPERTY, "."));
  }

  /** What the user calls by this name. */
  public static Path named(String name) {
    return Path.of(System.getProperty(FOLDER, "")).resolve(name);
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

  /** The published configuration of that name. */
  public static Path config(String name) {
    return path().resolve("configs/models").resolve(name + ".json");
  }

  /** The description of a device of that name. */
  public static Path device(String name) {
    return path().resolve("configs/devices").resolve(name + ".json");
  }
}
