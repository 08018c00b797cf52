package org.spike2former.tensor.io;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is not what it should be; the message is one line, {@code FILE: what is wrong}. */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 400;

  /** An exception about this file. */
  public FormatException(Path file, String message) {
    super(file + ": " + oneLine(message));
  }

  /** An exception about this file with the error that revealed it. */
  public FormatException(Path file, String message, Throwable cause) {
    super(file + ": " + oneLine(message), cause);
  }

  /** Names come from the file, so they may hold line breaks, terminal escapes, or megabytes. */
  private static String oneLine(String message) {
    String line = message.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
