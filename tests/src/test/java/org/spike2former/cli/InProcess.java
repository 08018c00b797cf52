package org.spike2former.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.spike2former.cli.console.StandardOutput;

/** Runs {@code s2f} in this process. */
public final class InProcess {
  /** What a run printed, and its exit code. */
  public record Run(int code, String out, String err) {}

  /** The project's folder, which is home to the command. */
  public static final Path ROOT =
      Path.of(System.getProperty("s2f.root", "..")).toAbsolutePath().normalize();

  private InProcess() {}

  public static Run run(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Run run = runInto(out, arguments);
    return new Run(run.code, out.toString(StandardCharsets.UTF_8), run.err);
  }

  /** Standard output goes to {@code out}. */
  public static Run runInto(OutputStream out, Object... arguments) {
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    String formerHome = System.setProperty("s2f.home", ROOT.toString());
    PrintStream formerOut = System.out;
    PrintStream formerErr = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setOut(StandardOutput.to(out));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      int code = Main.run(words);
      return new Run(code, "", err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(formerOut);
      System.setErr(formerErr);
      if (formerHome == null) {
        System.clearProperty("s2f.home");
      } else {
        System.setProperty("s2f.home", formerHome);
      }
    }
  }
}
