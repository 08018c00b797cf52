package org.spike2former.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.data.loader.Batch;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.train.TinyRun.Recorder;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.run.Checkpoints;
import org.spike2former.train.run.CheckpointsTest;
import org.spike2former.train.run.RunFolder;

/** What becomes of the finished steps of a run that something interrupts. */
class InterruptedRunTest {
  @TempDir private static Path undisturbed;
  @TempDir private Path folder;
  private Path config;
  private final Recorder recorder = new Recorder();

  /** What every other run must end as. */
  @BeforeAll
  static void trainUndisturbed() throws Exception {
    TrainConfig whole = TinyRun.config(TinyRun.prepare(undisturbed));
    try (Trainer trainer = new Trainer(whole, new Recorder())) {
      trainer.run(false);
    }
  }

  @BeforeEach
  void prepare() throws IOException {
    config = TinyRun.prepare(folder);
  }

  /** What a killed process leaves: nothing is closed, no checkpoint is written. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private Trainer trainer(String output, String... overrides) throws IOException {
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("output=" + folder.resolve(output));
    return new Trainer(TinyRun.config(config, all.toArray(String[]::new)), recorder);
  }

  private boolean run(String output, boolean resume, String... overrides) throws Exception {
    try (Trainer trainer = trainer(output, overrides)) {
      return trainer.run(resume);
    }
  }

  private void quiet() {
    recorder.afterStep = () -> {};
    recorder.beforeEvaluation = () -> {};
    recorder.afterEvaluation = () -> {};
    recorder.notices.clear();
    recorder.evaluations.clear();
  }

  private void assertUndisturbed(String output) throws IOException {
    Path a = folder.resolve(output);
    Path b = undisturbed.resolve("run");
    assertThat(log(a)).isEqualTo(log(b));
    for (String file :
        List.of("checkpoints/step-00000008.safetensors", "best/weights.safetensors")) {
      CheckpointsTest.assertSameFile(a.resolve(file), b.resolve(file));
    }
    assertThat(a.resolve("last/weights.safetensors"))
        .hasSameBinaryContentAs(b.resolve("last/weights.safetensors"));
  }

  private static List<ObjectNode> log(Path output) throws IOException {
    List<ObjectNode> entries = new ArrayList<>();
    for (String line : Files.readAllLines(output.resolve("log.jsonl"))) {
      ObjectNode entry = (ObjectNode) new ObjectMapper().readTree(line);
      entry.remove(List.of("seconds", "images_per_second"));
      entries.add(entry);
    }
    return entries;
  }

  @ParameterizedTest
  @CsvSource({"before, 1", "before, 2", "after, 1", "after, 2", "unlogged, 1", "unlogged, 2"})
  void killedAroundAnEvaluationItEndsAsIfNothingHadHappened(String when, int evaluation)
      throws Exception {
    int[] count = new int[1];
    Runnable kill =
        () -> {
          if (++count[0] == evaluation) {
            throw new Killed();
          }
        };
    if (when.equals("before")) {
      recorder.beforeEvaluation = kill;
    } else {
      recorder.afterEvaluation = kill;
    }
    assertThatThrownBy(() -> run("killed", false)).isInstanceOf(Killed.class);
    Path log = folder.resolve("killed/log.jsonl");
    if (when.equals("unlogged")) { // the best model is there, the line is not
      List<String> lines = Files.readAllLines(log);
      Files.write(log, lines.subList(0, lines.size() - 1));
    }
    quiet();
    assertThat(run("killed", true)).isTrue();
    assertThat(recorder.evaluations).hasSize(2 - evaluation + (when.equals("after") ? 0 : 1));
    assertUndisturbed("killed");
  }

  @Test
  void aBadValidationImageCostsNoStep() throws Exception {
    Path image = folder.resolve("data/images/val/3.png");
    byte[] good = Files.readAllBytes(image);
    Files.write(image, Arrays.copyOf(good, good.length / 2));
    assertThatThrownBy(() -> run("failed", false))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(image + ": ")
        .hasMessageEndingWith(
            "; the run ends in the evaluation after step 4, the last checkpoint is that of step 4;"
                + " go on with --resume");
    Files.write(image, good);
    run("failed", true);
    assertThat(recorder.evaluations).containsExactly(4L, 8L);
    assertUndisturbed("failed");
  }

  @Test
  void aBadTrainingImageCostsNoStep() throws Exception {
    recorder.afterStep =
        () -> {
          for (int i = 0; i < TinyRun.IMAGES && recorder.steps.size() == 2; i++) {
            folder.resolve("data/images/train/" + i + ".png").toFile().delete();
          }
        };
    assertThatThrownBy(() -> run("run", false, "train.checkpoint_every=100"))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            ".*/data/images/train/\\d.png: .*; the run ends in step \\d, the last checkpoint is"
                + " that of step \\d; go on with --resume");
    Checkpoints checkpoints = new Checkpoints(folder.resolve("run/checkpoints"), 2);
    assertThat(checkpoints.steps()).containsExactly((long) recorder.steps.size());
  }

  @Test
  void aRunThatIsStoppedInAnEvaluationDoesItLater() throws Exception {
    try (Trainer trainer = trainer("stopped")) {
      recorder.beforeEvaluation = trainer::requestStop;
      assertThat(trainer.run(false)).isFalse();
    }
    assertThat(recorder.evaluations).isEmpty();
    assertThat(recorder.notices)
        .contains("stopped after step 4 of 8, before its evaluation; go on with --resume");
    quiet();
    assertThat(run("stopped", true)).isTrue();
    assertUndisturbed("stopped");
  }

  @Test
  void aRunThatIsStoppedBeforeItsFirstStepWritesNoCheckpoint() throws Exception {
    try (Trainer trainer = trainer("run")) {
      trainer.requestStop();
      assertThat(trainer.run(false)).isFalse();
    }
    assertThat(recorder.notices).containsExactly("stopped before the first step");
    assertThat(run("run", true, "train.iterations=1")).isTrue();
  }

  @Test
  void aFinishedRunIsLeftAlone() throws Exception {
    run("run", false);
    quiet();
    Map<Path, FileTime> before = times(folder.resolve("run"));
    assertThat(run("run", true)).isTrue();
    assertThat(recorder.notices)
        .containsExactly(
            folder.resolve("run")
                + ": the run is finished, with 8 of 8 steps; for more, set train.iterations");
    assertThat(recorder.evaluations).isEmpty();
    assertThat(times(folder.resolve("run"))).isEqualTo(before);
    assertThat(run("run", true, "train.iterations=9")).isTrue();
    assertThat(recorder.evaluations).containsExactly(9L);
    assertThat(log(folder.resolve("run"))).hasSize(9 + 3);
  }

  /** As old as they can be told apart, so that a file that is written again shows. */
  private static Map<Path, FileTime> times(Path output) throws IOException {
    Map<Path, FileTime> times = new TreeMap<>();
    try (Stream<Path> files = Files.walk(output)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        times.put(file, Files.getLastModifiedTime(file));
      }
    }
    return times;
  }

  @Test
  void whatChangedSinceTheCheckpointIsSaid() throws Exception {
    run("run", false, "train.iterations=1");
    Files.delete(folder.resolve("data/images/train/4.png"));
    TinyRun.fill(folder, "val", 1);
    Files.setLastModifiedTime(
        folder.resolve("data/images/train/3.png"), FileTime.from(Instant.EPOCH));
    quiet();
    run("run", true, "train.iterations=2");
    assertThat(recorder.notices)
        .filteredOn(line -> line.startsWith("warning: "))
        .hasSize(2)
        .anyMatch(line -> line.matches("warning: training images not as .*: 5 \\(.*4 \\(.*"))
        .anyMatch(line -> line.startsWith("warning: validation images not as at the checkpoint"));
    quiet();
    run("run", true, "train.iterations=3", "model.head.alpha=3.5");
    assertThat(recorder.notices)
        .contains("not as before: model.head.alpha, train.iterations")
        .anyMatch(line -> line.startsWith("warning: model not as at the checkpoint"))
        .noneMatch(line -> line.contains("images"));
  }

  @Test
  void curvesThatCannotBeDrawnEndNoRun() throws Exception {
    Files.createDirectories(folder.resolve("run/loss.png/inside"));
    assertThat(run("run", false)).isTrue();
    assertThat(recorder.notices)
        .contains(
            "warning: "
                + folder.resolve("run/loss.png")
                + ": is a folder, so no file can be written there");
  }

  @Test
  void aFolderThatVanishesIsMadeAgain() throws Exception {
    recorder.afterStep =
        () -> {
          if (recorder.steps.size() == 5) {
            delete(folder.resolve("run"));
          }
        };
    assertThat(run("run", false)).isTrue();
    assertThat(log(folder.resolve("run"))).isEqualTo(log(undisturbed.resolve("run")));
    assertThat(folder.resolve("run/config.yaml")).isNotEmptyFile();
  }

  private static void delete(Path tree) {
    try (Stream<Path> files = Files.walk(tree)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** As when memory is short in the middle of a step. */
  @Test
  void aStepThatFailsLeavesTheStateAsItWas() throws Exception {
    TrainConfig tiny = TinyRun.config(config);
    try (Workers workers = new Workers(1)) {
      Learner learner = new Learner(tiny, workers);
      learner.start(_ -> {});
      Map<String, Tensor> before = new TreeMap<>();
      learner.state(null, null, 0, 0).weights().forEach((name, t) -> before.put(name, t.copy()));
      byte[] labels = new byte[48 * 48];
      Arrays.fill(labels, (byte) 9);
      float[] image = new float[3 * labels.length];
      Arrays.fill(image, 1);
      Batch bad = new Batch(1, 48, 48, image, labels, List.of("bad"));
      assertThatThrownBy(() -> learner.step(only(learner.pass(), bad)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(learner.isWhole()).isTrue();
      assertThat(learner.step()).isZero();
      learner
          .state(null, null, 0, 0)
          .weights()
          .forEach((name, t) -> assertThat(t.bitEquals(before.get(name))).as(name).isTrue());
    }
  }

  private static GradientSource only(BatchPass pass, Batch batch) {
    return new GradientSource() {
      @Override
      public void begin(long first, int count) {}

      @Override
      public BatchResult next() {
        return pass.run(batch);
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void leftoversOfAKilledProcessGo() throws Exception {
    Path last = Files.createDirectories(folder.resolve("run/last"));
    Path leftover =
        Files.createFile(last.resolve(".weights.safetensors.0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"));
    Path other = Files.createFile(last.resolve(".weights.safetensors.mine"));
    run("run", false, "train.iterations=1");
    assertThat(leftover).doesNotExist();
    assertThat(other).exists();
  }

  @Test
  void whatCannotBeTheOutputFolderIsNamedBeforeTheFirstStep() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> run("file", false))
        .hasMessage(file + ": is a file where a folder is needed");
    Path best = Files.createFile(Files.createDirectories(folder.resolve("run")).resolve("best"));
    assertThatThrownBy(() -> run("run", false))
        .hasMessage(best + ": is a file where a folder is needed");
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
    assertThatThrownBy(() -> new RunFolder(link).create())
        .hasMessage(link + ": is a link to nothing where a folder is needed");
    assertThat(recorder.steps).isEmpty();
  }

  @Test
  void aSecondRunInTheFolderIsRefused() throws Exception {
    List<String> refusals = new ArrayList<>();
    recorder.afterStep =
        () -> {
          recorder.afterStep = () -> {};
          for (boolean resume : new boolean[] {false, true}) {
            try {
              run("run", resume);
            } catch (Exception e) {
              refusals.add(e.getMessage());
            }
          }
        };
    assertThat(run("run", false, "train.iterations=1")).isTrue();
    assertThat(refusals)
        .hasSize(2)
        .allMatch(
            line ->
                line.startsWith(
                    folder.resolve("run")
                        + ": another run trains there: process "
                        + ProcessHandle.current().pid()
                        + " on "));
    assertThat(run("run", true, "train.iterations=2")).isTrue();
  }
}
