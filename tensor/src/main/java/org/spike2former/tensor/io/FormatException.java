package org.spike2former.tensor.io;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is not what it should be; the message is {@code FILE: what is wrong}. */
public class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** An exception about this file. */
  public FormatException(Path file, String message) {
    super(file + ": " + message);
  }
}
