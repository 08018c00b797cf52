package org.spike2former.data.coco;

import java.io.IOException;
import java.nio.file.Path;

/** A file of COCO's that cannot be used: "FILE: what is wrong", in one line. */
public final class CocoException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 600;

  CocoException(Path file, String problem) {
    this(file, problem, null);
  }

  CocoException(Path file, String problem, Throwable cause) {
    super(file + ": " + oneLine(problem), cause);
  }

  /** Names come from the file, so they may hold line breaks or terminal escapes. */
  private static String oneLine(String text) {
    String line = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
