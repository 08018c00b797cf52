package org.spike2former.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.folder.SyntheticFolder;
import org.spike2former.verify.report.ReportText;

/** Folders of every kind: criterion, metrics and steps of training. */
class ParityTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
  private static final Path LOSSES = Path.of("../train/src/test/resources/losses");

  @TempDir private Path folder;
  private final Workers three = new Workers(3);
  private final Workers one = new Workers(1);

  @AfterEach
  void stop() {
    three.close();
    one.close();
  }

  private ParityReport run(Path path, Precision... precisions) throws IOException {
    return new Parity(
            ParityOptions.of(List.of(precisions)),
            Engine.of(Backend.AUTO, three),
            List.of(Engine.of(Backend.SCALAR, one)))
        .run(path);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private Path trainSteps() throws IOException {
    copy(FIXTURES.resolve("train_steps"), folder);
    Files.copy(
        FIXTURES.resolve("sdtv2_tiny/weights.safetensors"),
        folder.resolve("weights_init.safetensors"));
    return folder;
  }

  @ParameterizedTest
  @ValueSource(strings = {"basic", "big_logits", "one_image_ignored", "zero_match"})
  void casesOfTheCriterion(String name) throws IOException {
    ParityReport report = run(LOSSES.resolve(name), Precision.F64, Precision.F32);
    assertThat(report.pass()).as(ReportText.summary(report)).isTrue();
    assertThat(report.sections())
        .extracting(Section::title)
        .containsExactly(
            "criterion, float64",
            "criterion against itself, float64: 1 thread",
            "criterion, float32",
            "criterion against itself, float32: 1 thread");
    assertThat(report.sections().get(0).rows()).hasSize(12);
  }

  @Test
  void anotherMatchingFails() throws IOException {
    copy(LOSSES.resolve("basic"), folder);
    SyntheticFolder.rewrite(
        folder.resolve("f64.safetensors"),
        tensors -> tensors.get("assigned_query").doubles()[1] = 9);
    ParityReport report = run(folder, Precision.F64);
    assertThat(report.pass()).isFalse();
    assertThat(report.sections().get(0).rows())
        .filteredOn(row -> !row.pass())
        .extracting(TensorComparison::name, TensorComparison::note)
        .containsExactly(tuple("assigned_query", "expected 9.0, found 0.0"));
  }

  @Test
  void metrics() throws IOException {
    ParityReport report = run(FIXTURES.resolve("metrics"), Precision.F64);
    assertThat(report.pass()).as(ReportText.summary(report)).isTrue();
    assertThat(report.sections().get(0).rows()).hasSize(18);
  }

  @Test
  void stepsOfTraining() throws IOException {
    ParityReport report = run(trainSteps(), Precision.F64, Precision.F32);
    assertThat(report.pass()).as(ReportText.summary(report)).isTrue();
    assertThat(report.sections())
        .extracting(Section::title)
        .startsWith(
            "trajectory of 5 steps, float64",
            "gradients of step 1, float64",
            "state after step 2, float64")
        .hasSize(5);
    assertThat(report.sections().get(0).rows())
        .extracting(TensorComparison::name)
        .containsExactly(
            "lr",
            "lr_backbone",
            "grad_norm",
            "total",
            "loss_cls",
            "loss_mask",
            "loss_dice",
            "assigned_query");
    assertThat(report.sections().get(0).worstError()).isLessThan(1e-13);
  }

  @Test
  void anotherTrajectoryFails() throws IOException {
    Path steps = trainSteps();
    SyntheticFolder.rewrite(
        steps.resolve("trajectory_f64.safetensors"),
        tensors -> tensors.get("grad_norm").doubles()[1] *= 1 + 1e-8);
    Files.move(
        steps.resolve("state_after_2_f64.safetensors"),
        steps.resolve("state_after_1_f64.safetensors"));
    ParityReport report = run(steps, Precision.F64);
    assertThat(report.sections())
        .extracting(Section::pass)
        .containsExactly(false, true, false, true);
    assertThat(report.sections().get(0).rows())
        .filteredOn(row -> !row.pass())
        .extracting(TensorComparison::name)
        .containsExactly("grad_norm");
  }

  @Test
  void saysWhatAFolderOfStepsLacks() throws IOException {
    Path steps = trainSteps();
    Files.delete(steps.resolve("batch.safetensors"));
    assertThatThrownBy(() -> run(steps, Precision.F64))
        .isInstanceOf(FormatException.class)
        .hasMessage(steps + ": the folder has no batch.safetensors");
  }
}
