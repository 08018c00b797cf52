package org.spike2former.tests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts {@code ./s2f} as a process. */
final class S2f {
  static final Path ROOT = Path.of(System.getProperty("s2f.root", "..")).toAbsolutePath();
  private static final int TIMEOUT_SECONDS = 120;

  /** What a run printed, and its exit code. */
  record Run(int code, String out, String err) {
    /** Standard error without the JVM's own note on the incubating Vector API. */
    List<String> errorLines() {
      return err.lines().filter(line -> !line.startsWith("WARNING: Using incubator")).toList();
    }
  }

  private S2f() {}

  private static ProcessBuilder builder(Path folder, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ROOT.resolve("s2f").toString());
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("S2F_NO_BUILD", "1");
    return builder;
  }

  /** Starts the command in {@code folder}; what it prints goes to {@code output}. */
  static Process start(Path folder, Path output, Object... arguments) throws IOException {
    ProcessBuilder builder = builder(folder, arguments);
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  /** Runs the command in {@code folder}. */
  static Run run(Path folder, Object... arguments) throws IOException, InterruptedException {
    return run(builder(folder, arguments));
  }

  /** Runs the command where TornadoVM is said to be in {@code home}; null where it is nowhere. */
  static Run runWithTornado(Path home, Path folder, Object... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder = builder(folder, arguments);
    builder.environment().remove("TORNADOVM_HOME");
    if (home != null) {
      builder.environment().put("TORNADOVM_HOME", home.toString());
    }
    return run(builder);
  }

  /** Runs lines of a shell in {@code folder}, in which {@code $S2F} is the command. */
  static Run runShell(Path folder, String lines) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", lines).directory(folder.toFile());
    builder.environment().put("S2F", ROOT.resolve("s2f").toString());
    builder.environment().put("S2F_NO_BUILD", "1");
    return run(builder);
  }

  private static Run run(ProcessBuilder builder) throws IOException, InterruptedException {
    Path out = Files.createTempFile("s2f", ".out");
    Path err = Files.createTempFile("s2f", ".err");
    try {
      List<String> command = builder.command();
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command + " did not end");
      }
      return new Run(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
