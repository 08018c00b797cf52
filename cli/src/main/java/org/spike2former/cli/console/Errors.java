package org.spike2former.cli.console;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.spike2former.model.weights.WeightsException;

/** Errors as one line on standard error. */
public final class Errors {
  public static final String NO_MEMORY =
      "not enough memory; allow more, for example S2F_JAVA_OPTS=-Xmx8g";

  private Errors() {}

  /** Names in it may come from files, so they may hold line breaks or terminal escapes. */
  public static void print(String message) {
    System.err.println("s2f: " + message.replaceAll("\\p{Cntrl}+", " "));
  }

  /**
   * One line; with {@code verbose} also the names of a checkpoint that does not fit, or a trace.
   */
  public static void print(Throwable error, boolean verbose) {
    print(describe(error));
    if (!verbose) {
      return;
    }
    if (error instanceof WeightsException e) {
      e.report().missing().forEach(name -> print("  missing " + name));
      e.report().unexpected().forEach(name -> print("  unexpected " + name));
      e.report().misShaped().forEach(name -> print("  mis-shaped " + name));
      e.report().otherClasses().forEach(name -> print("  of other classes " + name));
    } else {
      error.printStackTrace();
    }
  }

  /** Where it went wrong, in lines. */
  public static String trace(Throwable error) {
    StringWriter trace = new StringWriter();
    error.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  /** What went wrong, with the file where the exception alone does not say it. */
  public static String describe(Throwable error) {
    return switch (error) {
      case NoSuchFileException e -> e.getFile() + ": no such file";
      case AccessDeniedException e -> e.getFile() + ": permission denied";
      case FileSystemException e when e.getReason() == null -> {
        String kind = e.getClass().getSimpleName().replaceAll("Exception$", "");
        yield e.getFile()
            + ": "
            + kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
      }
      default -> error.getMessage() == null ? error.toString() : error.getMessage();
    };
  }
}
