package org.spike2former.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.spike2former.cli.InProcess;

/** Runs {@code s2f} in this process with a word per line of the file. */
final class Commands implements Reader {
  /** Those that do nothing but read where there is nothing to compute. */
  private static final Set<String> QUICK =
      Set.of("segment", "config", "runs", "eval", "data", "parity", "diff", "info", "completion");

  private static final Set<Integer> CODES = Set.of(0, 1, 2);

  /** Of the bundled model, which a command may read. */
  private static final long MODEL_BYTES = 32 << 20;

  /** What relative names are relative to. */
  private static final String FOLDER = "s2f.folder";

  @Override
  public void read(Path file, Content content) throws IOException {
    List<String> words =
        List.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", -1));
    boolean leads = words.stream().anyMatch(word -> word.matches("(?s).*([/\\\\]|\\.\\.).*"));
    if (leads || !QUICK.contains(words.getFirst())) {
      return; // away from the folder, or to work
    }
    content.add(MODEL_BYTES);
    System.setProperty(FOLDER, file.getParent().toString());
    InProcess.Run run;
    try {
      run = InProcess.run(words.toArray());
    } finally {
      System.clearProperty(FOLDER);
    }
    // Lines after the first are the trace that -v asks for.
    boolean raw = run.errorLines().stream().limit(1).anyMatch(line -> line.contains("Exception"));
    if (raw || !CODES.contains(run.code())) {
      throw new IllegalStateException("exit code " + run.code() + ": " + run.err());
    }
  }
}
