package org.spike2former.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.spike2former.cli.console.StandardOutput;

/**
 * Runs {@code s2f} in this process, which is as it was afterwards: its streams, system properties
 * and locale. What a process has but once stays as the first run made it: levels of loggers (which
 * {@code simplelogger.properties} holds to those of a run without {@code -v}) and the width of
 * vectors. A process has one working directory, the module's, so files are named in full.
 */
public final class InProcess {
  /** What a run printed, and its exit code. */
  public record Run(int code, String out, String err) {
    public List<String> errorLines() {
      return err.lines().toList();
    }
  }

  /** The project's folder, which is home to the command. */
  public static final Path ROOT =
      Path.of(System.getProperty("s2f.root", "..")).toAbsolutePath().normalize();

  static {
    // Before a run with -v can.
    LoggerFactory.getLogger(InProcess.class);
  }

  private InProcess() {}

  public static Run run(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Run run = runInto(out, arguments);
    return new Run(run.code, out.toString(StandardCharsets.UTF_8), run.err);
  }

  /** Standard output goes to {@code out}. */
  public static Run runInto(OutputStream out, Object... arguments) {
    String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    Properties properties = (Properties) System.getProperties().clone();
    Locale locale = Locale.getDefault();
    PrintStream formerOut = System.out;
    PrintStream formerErr = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      // As the launcher does.
      System.setProperty("s2f.home", ROOT.toString());
      System.setProperty("java.awt.headless", "true");
      System.setOut(StandardOutput.to(out));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      int code = Main.run(words);
      return new Run(code, "", err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(formerOut);
      System.setErr(formerErr);
      System.setProperties(properties);
      Locale.setDefault(locale);
    }
  }
}
