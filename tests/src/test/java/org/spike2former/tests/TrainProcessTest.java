package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.TinyData;
import org.spike2former.tensor.Tensor;
import org.spike2former.tests.S2f.Run;
import org.spike2former.train.TrainingState;
import org.spike2former.train.run.Checkpoints;

/** {@code s2f train} as a process: what signals, a full disk and another process do to it. */
class TrainProcessTest {
  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    TinyData.write(folder, Path.of(""));
  }

  /** A run that would take hours; returns when it has done some steps. */
  private Process startLong(Path out, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("train", "tiny.yaml"));
    arguments.addAll(List.of(options));
    arguments.addAll(
        List.of(
            "--set",
            "train.checkpoint_every=100000",
            "train.iterations=100000",
            "train.log_every=1"));
    Process process = S2f.start(folder, out, arguments.toArray());
    while (process.isAlive() && !Files.readString(out).matches("(?s).*step \\d*[3-9]/.*")) {
      Thread.sleep(50);
    }
    return process;
  }

  private static void signal(Process process, String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** Ctrl-C, a second run in the same folder, {@code kill}, and {@code kill -9}. */
  @Test
  void aRunKeepsItsFolderAndASignalEndsItWithACheckpoint() throws Exception {
    Path out = folder.resolve("out");
    Process process = startLong(out);
    Run second = S2f.run(folder, "train", "tiny.yaml", "--resume");
    assertThat(second.code()).isEqualTo(2);
    assertThat(second.errorLines())
        .singleElement()
        .asString()
        .startsWith("s2f: run: another run trains there: process " + process.pid() + " on ");
    if (ignoresInterrupts()) {
      assertStops(process, out, "TERM", 143);
    } else {
      assertStops(process, out, "INT", 130);
    }
    process = startLong(out, "--resume");
    assertStops(process, out, "TERM", 143);
    process = startLong(out, "--resume");
    process.destroyForcibly().waitFor();
    Run after =
        S2f.run(
            folder, "train", "tiny.yaml", "--resume", "--set", "train.iterations=1", "output=run");
    assertThat(after.code()).as(after.err()).isZero();
  }

  /** What runs in the background of a shell ignores Ctrl-C, and so does what it starts. */
  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readString(status).matches("(?s).*SigIgn:\\s*[0-9a-f]*[2367abef]\\n.*");
  }

  private void assertStops(Process process, Path out, String signal, int code) throws Exception {
    signal(process, signal);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(code);
    assertThat(Files.readString(out))
        .contains("s2f: SIG" + signal + ": ends after this step", "stopped after step ")
        .contains("go on with --resume")
        .doesNotContain("Shutdown", "Exception", "cannot be drawn");
    assertThat(folder.resolve("run/loss.png")).isNotEmptyFile();
    Checkpoints checkpoints = new Checkpoints(folder.resolve("run/checkpoints"), 2);
    assertThat(Checkpoints.load(checkpoints.file(checkpoints.steps().getLast())).step())
        .isGreaterThanOrEqualTo(3);
  }

  /** A limit on the size of files fails in the same place as a full disk. */
  @Test
  void aFullDiskIsOneLineAndCostsNothing() throws Exception {
    Run before = S2f.run(folder, "train", "tiny.yaml", "--set", "train.iterations=8");
    assertThat(before.code()).as(before.err()).isZero();
    Path out = folder.resolve("out");
    ProcessBuilder limited =
        new ProcessBuilder(
            "sh",
            "-c",
            "ulimit -f 400; exec \"$0\" \"$@\"",
            S2f.ROOT.resolve("s2f").toString(),
            "train",
            "tiny.yaml",
            "--resume",
            "--set",
            "train.iterations=20");
    limited.environment().put("S2F_NO_BUILD", "1");
    limited.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(out.toFile());
    assertThat(limited.start().waitFor()).isEqualTo(2);
    assertThat(Files.readString(out))
        .containsPattern(
            "s2f: run/checkpoints/step-00000012.safetensors: cannot be written: .+;"
                + " the run ends after step 12, the last checkpoint is that of step 8\n");
    assertThat(new Checkpoints(folder.resolve("run/checkpoints"), 2).steps())
        .containsExactly(4L, 8L);
    Run after = S2f.run(folder, "train", "tiny.yaml", "--resume", "--set", "train.iterations=20");
    assertThat(after.code()).as(after.err()).isZero();
    assertThat(after.out()).contains("goes on after step 8");
  }

  /** Kills the process at random moments, checks what it left, and lets it go on. */
  @Test
  @Tag("slow")
  void killedTenTimesItEndsAsIfNothingHadHappened() throws Exception {
    Run whole = S2f.run(folder, "train", "tiny.yaml", "--set", "output=whole");
    assertThat(whole.code()).as(whole.err()).isZero();
    Random random = new Random(7);
    int alive = 0;
    for (int kill = 0; kill < 10; kill++) {
      Process process = S2f.start(folder, folder.resolve("out"), "train", "tiny.yaml", "--resume");
      process.waitFor(1500 + random.nextInt(2500), TimeUnit.MILLISECONDS);
      alive += process.isAlive() ? 1 : 0;
      process.destroyForcibly().waitFor();
      Checkpoints checkpoints = new Checkpoints(folder.resolve("run/checkpoints"), 2);
      for (long step : checkpoints.steps()) {
        assertThat(Checkpoints.load(checkpoints.file(step)).step()).isEqualTo(step);
      }
    }
    assertThat(alive).as("kills before the end").isGreaterThanOrEqualTo(8);
    Run rest = S2f.run(folder, "train", "tiny.yaml", "--resume", "--threads", "2");
    assertThat(rest.code()).as(rest.err()).isZero();
    TrainingState expected = load("whole");
    TrainingState found = load("run");
    assertSame(found.weights(), expected.weights());
    assertSame(found.optimiser(), expected.optimiser());
    assertThat(found.bestQuality()).isEqualTo(expected.bestQuality());
    assertThat(log("run")).isEqualTo(log("whole"));
  }

  private TrainingState load(String output) throws IOException {
    Path file = folder.resolve(output).resolve("checkpoints/step-00000600.safetensors");
    return Checkpoints.load(file);
  }

  private List<String> log(String output) throws IOException {
    return Files.readAllLines(folder.resolve(output).resolve("log.jsonl")).stream()
        .map(line -> line.replaceAll(",\"(seconds|images_per_second)\":[^,}]*", ""))
        .toList();
  }

  private static void assertSame(Map<String, Tensor> found, Map<String, Tensor> expected) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, value) -> assertThat(value.bitEquals(found.get(name))).isTrue());
  }
}
