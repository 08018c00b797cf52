package org.spike2former.data.config;

import java.io.IOException;
import java.nio.file.Path;

/** A configuration that cannot be used: "FILE: line N: KEY: what is wrong", in one line. */
public final class ConfigException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 600;

  /**
   * A problem with a file.
   *
   * @param line counted from 1; 0 if it is in no line
   * @param key its path in the file, such as "data.loader.threads"; empty: the file as a whole
   * @param cause may be null
   */
  ConfigException(Path file, int line, String key, String problem, Throwable cause) {
    super(
        file
            + (line == 0 ? "" : ": line " + line)
            + (key.isEmpty() ? "" : ": " + oneLine(key))
            + ": "
            + oneLine(problem),
        cause);
  }

  /** A problem with the file as a whole. */
  public ConfigException(Path file, String problem) {
    this(file, 0, "", problem, null);
  }

  /** Keys and values come from the file, so they may hold line breaks or terminal escapes. */
  private static String oneLine(String text) {
    String line = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
