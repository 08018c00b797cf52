package org.spike2former.cluster.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.TinyData;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.tensor.Tensor;
import org.spike2former.train.GradientSource;
import org.spike2former.train.TrainingException;
import org.spike2former.train.config.TrainConfig;

/** Training with executors in this JVM. */
class LocalClusterTest {
  @TempDir private Path folder;
  private TinyTraining tiny;

  /** What a killed process leaves: nothing is closed, no checkpoint is written. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  @BeforeEach
  void prepare() throws IOException {
    tiny = new TinyTraining(TinyData.write(folder));
  }

  private static GradientSource.Opener threads(int count) {
    return ClusterTraining.opener("local[" + count + "]", Map.of("spark.ui.enabled", "false"));
  }

  private void killAfter(int step) {
    tiny.afterStep(
        report -> {
          if (report.step() == step) {
            tiny.afterStep(_ -> {});
            throw new Killed();
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"3, f32", "2, f64"})
  void threeBatchesAStepGiveTheBitsOfOneMachine(int threads, String precision) throws Exception {
    String[] how = {"train.iterations=2", "train.accumulate=3", "train.precision=" + precision};
    assertThat(tiny.run("cluster", threads(threads), how).sha256())
        .isEqualTo(tiny.run("local", null, how).sha256());
    assertThat(tiny.notices()).anyMatch(line -> line.startsWith("cluster: a step sent 0."));
  }

  @Test
  void aRunMayGoOnElsewhere() throws Exception {
    String[] how = {
      "train.accumulate=2",
      "train.iterations=3",
      "train.checkpoint_every=1",
      "train.freeze_norms=[backbone]"
    };
    String whole = tiny.run("whole", null, how).sha256();
    killAfter(1);
    assertThatThrownBy(() -> tiny.run("out", null, how)).isInstanceOf(Killed.class);
    assertThat(tiny.run("out", true, threads(2), how).sha256()).isEqualTo(whole);
    killAfter(2);
    assertThatThrownBy(() -> tiny.run("home", threads(2), how)).isInstanceOf(Killed.class);
    assertThat(tiny.run("home", true, null, how).sha256()).isEqualTo(whole);
  }

  @Test
  void aFileThatIsLostEndsTheRunWithOneLine() {
    Path image = folder.resolve("data/images/train/2.png");
    tiny.afterStep(
        _ -> {
          try {
            Files.deleteIfExists(image);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    assertThatThrownBy(() -> tiny.run("run", threads(1), "train.checkpoint_every=1"))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            "executor driver on \\S+: "
                + image
                + ": no such file; the run ends in step \\d, the last checkpoint is that of step"
                + " \\d; go on with --resume");
  }

  @Test
  void otherImagesAreRefused() {
    GradientSource.Opener opener =
        run -> {
          Files.delete(folder.resolve("data/images/train/2.png"));
          Files.delete(folder.resolve("data/labels/train/2.png"));
          return threads(1).open(run);
        };
    assertThatThrownBy(() -> tiny.run("run", opener))
        .hasMessageMatching(
            "executor driver on \\S+: "
                + folder.resolve("data")
                + ": not the images that the driver sees, 4 \\(\\w+\\), but 3 \\(\\w+\\);"
                + " the folder must be shared by all machines; .*");
  }

  @Test
  void damagedImagesAreSkippedAsByOneMachine() throws Exception {
    Files.writeString(folder.resolve("data/images/train/2.png"), "no image");
    String[] how = {"train.iterations=2", "train.accumulate=2", "data.loader.on_bad_image=skip"};
    assertThat(tiny.run("cluster", threads(2), how).sha256())
        .isEqualTo(tiny.run("local", null, how).sha256());
  }

  @Test
  void anImageThatIsBadOnOneMachineOnlyEndsTheRun() throws Exception {
    TrainConfig config =
        TrainConfig.read(folder.resolve("tiny.yaml"), List.of(), folder.resolve("configs"));
    Dataset images = config.data().dataset("train");
    Files.writeString(images.entry(1).image(), "no image");
    SkippedImages skipped = new SkippedImages(images);
    skipped.add(reply(1));
    skipped.add(reply(1));
    assertThatThrownBy(() -> skipped.add(reply(2)))
        .hasMessage(
            "executor 3 on there: 2.png: damaged; the driver can read it: the machines do not see"
                + " the same files");
  }

  private static Reply reply(int bad) {
    Reply.Skipped image = new Reply.Skipped(bad, bad + ".png: damaged");
    return new Reply(new byte[0], "executor 3 on there", false, 0, List.of(image));
  }

  @Test
  void theCommandTrainsThere() {
    InProcess.Run run =
        InProcess.run(
            "train",
            folder.resolve("tiny.yaml"),
            "--set",
            "train.iterations=1",
            "train.accumulate=2",
            "train.eval_every=0",
            "--cluster",
            "local[2]",
            "--conf",
            "spark.ui.enabled=false");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("local[2]: 1 executor, ", "cluster: a step sent 0.2 MB");
    assertThat(folder.resolve("run/last/weights.safetensors")).isNotEmptyFile();
  }

  @Test
  void whatIsTooSmallForTheWeightsIsRefused() throws Exception {
    assertThat(TrainingMemory.requireExecutor(138_000_000, 8_000_000_000L))
        .isEqualTo(
            "executors have 8.0 GB: weights and gradients take 0.83 GB of it, the rest is for a"
                + " batch");
    assertThatThrownBy(() -> TrainingMemory.requireExecutor(138_000_000, 500_000_000))
        .hasMessage(
            "executors have 0.5 GB, and weights and gradients alone take 0.8 GB; set"
                + " spark.executor.memory");
    assertThatThrownBy(() -> TrainingMemory.requireDriver(138_000_000, 1_000_000_000))
        .hasMessageStartingWith(
            "the driver has 1.0 GB, and weights and gradients alone take 1.4 GB; set ");
  }

  @Test
  void lossesThatAreNotFiniteEndTheRun() {
    GradientSource.Opener opener =
        run -> {
          Tensor weight =
              run.pass().network().parameters().get("decode_head.cls_embed.weight").value();
          Arrays.fill(weight.floats(), Float.NaN);
          return threads(2).open(run);
        };
    assertThatThrownBy(() -> tiny.run("run", opener, "train.accumulate=2"))
        .isInstanceOf(TrainingException.class)
        .hasMessageMatching(
            "step 1: the loss is NaN \\(.*\\), the gradient's norm NaN; images \\d, \\d;"
                + " there is no checkpoint yet");
  }
}
