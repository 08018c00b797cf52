package org.spike2former.fuzz.guided;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.spike2former.fuzz.Target;
import org.spike2former.fuzz.Targets;

/** Runs Jazzer on one target after another and prints what came out as a table. */
public final class GuidedRuns {
  /** The service's threads, not Jazzer's, read requests, so that these are mutated only. */
  private static final String REQUEST = "request";

  private GuidedRuns() {}

  /**
   * Runs.
   *
   * @param arguments folder for corpora and logs; seconds for each target; names of targets with
   *     commas between them, or "all"; and, in one text, options of the JVM
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Path.of(arguments[0]).toAbsolutePath().resolve("guided");
    int seconds = Integer.parseInt(arguments[1]);
    List<Target> targets =
        arguments[2].equals("all")
            ? Targets.all().stream().filter(target -> !target.name().equals(REQUEST)).toList()
            : Arrays.stream(arguments[2].split(",")).map(Targets::named).toList();
    List<String> options = new ArrayList<>(List.of(arguments[3].split(" +")));
    options.add("-Ds2f.root=" + System.getProperty("s2f.root"));
    boolean failed = false;
    System.out.println("| target | executions | edges | features | |");
    System.out.println("|---|---:|---:|---:|---|");
    for (Target target : targets) {
      GuidedRun.Result result = new GuidedRun(target, folder).run(seconds, options);
      failed |= result.failed();
      System.out.println(
          String.format(
              Locale.ROOT,
              "| %s | %d | %d | %d | %s |",
              target,
              result.executions(),
              result.edges(),
              result.features(),
              result.failed() ? "failed, see " + folder.resolve(target + ".log") : ""));
    }
    System.exit(failed ? 1 : 0);
  }
}
