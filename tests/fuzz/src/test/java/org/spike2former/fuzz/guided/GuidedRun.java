package org.spike2former.fuzz.guided;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spike2former.fuzz.Target;
import org.spike2former.fuzz.mutation.Mutation;

/**
 * Jazzer on one target, in a process of its own, since libFuzzer runs once in a process. It begins
 * with the seeds and with some mutations of them, and keeps what takes new paths for the next run.
 */
final class GuidedRun {
  private static final int MUTATIONS = 100;
  private static final int MOST_FINDINGS = 5;
  private static final int MOST_BYTES = 16_384;

  /** Code whose paths count: the project's, and that of decoders of images. */
  private static final List<String> INSTRUMENTED =
      List.of("org.spike2former.**", "com.twelvemonkeys.**", "com.sun.imageio.plugins.**");

  /** libFuzzer's lines, such as "#4711 NEW cov: 12 ft: 34". */
  private static final Pattern PROGRESS =
      Pattern.compile("#(\\d+)\\s+\\w+\\s+cov: (\\d+) ft: (\\d+)");

  private static final String FINDING = "== Java Exception";

  private final Target target;
  private final Path folder;

  /**
   * What came out.
   *
   * @param executions of the reader
   * @param edges between the instrumented code's blocks that were taken
   * @param features edges by how often they were taken
   * @param failed whether there was a finding
   */
  record Result(Target target, long executions, long edges, long features, boolean failed) {}

  /**
   * Prepares a run.
   *
   * @param folder for the corpus and the log
   */
  GuidedRun(Target target, Path folder) {
    this.target = target;
    this.folder = folder;
  }

  Result run(int seconds, List<String> jvmArguments) throws IOException, InterruptedException {
    Path corpus = Files.createDirectories(folder.resolve("corpus").resolve(target.name()));
    writeSeeds(corpus);
    Path dictionary = folder.resolve(target.name() + ".dict");
    String words = Dictionary.of(target);
    Files.writeString(dictionary, words);
    Path log = folder.resolve(target.name() + ".log");
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Xmx512m"));
    // Half of a short run's time would go into optimising code, most of it Jazzer's.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(jvmArguments);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("com.code_intelligence.jazzer.Jazzer");
    command.add("--target_class=" + JazzerEntry.class.getName());
    command.add("--target_args=" + target.name());
    command.add("--instrumentation_includes=" + String.join(File.pathSeparator, INSTRUMENTED));
    command.add("--custom_hook_includes=org.spike2former.**");
    command.add("--keep_going=" + MOST_FINDINGS);
    command.add("--reproducer_path=" + folder);
    command.add("-artifact_prefix=" + folder + File.separator);
    command.add("-max_total_time=" + seconds);
    command.add("-max_len=" + MOST_BYTES);
    command.add("-timeout=60");
    command.add("-rss_limit_mb=0");
    if (!words.isEmpty()) {
      command.add("-dict=" + dictionary); // libFuzzer does not take an empty one
    }
    command.add(corpus.toString());
    Process process =
        new ProcessBuilder(command)
            .directory(Files.createDirectories(folder.resolve("work")).toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return result(log, process.waitFor() != 0);
  }

  private void writeSeeds(Path corpus) throws IOException {
    int count = 0;
    for (byte[] seed : target.seeds()) {
      Files.write(corpus.resolve("seed-" + count++), seed);
    }
    for (int n = 0; n < MUTATIONS; n++) {
      SplittableRandom random = new SplittableRandom(n);
      byte[] seed = target.seeds().get(random.nextInt(target.seeds().size()));
      Files.write(corpus.resolve("mutation-" + n), Mutation.some(seed, target.mutations(), random));
    }
  }

  private Result result(Path log, boolean broken) throws IOException {
    long executions = 0;
    long edges = 0;
    long features = 0;
    boolean found = false;
    for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
      Matcher progress = PROGRESS.matcher(line);
      if (progress.find()) {
        executions = Math.max(executions, Long.parseLong(progress.group(1)));
        edges = Math.max(edges, Long.parseLong(progress.group(2)));
        features = Math.max(features, Long.parseLong(progress.group(3)));
      }
      found |= line.startsWith(FINDING); // with which Jazzer goes on, and then ends as if well
    }
    return new Result(target, executions, edges, features, found || broken);
  }
}
