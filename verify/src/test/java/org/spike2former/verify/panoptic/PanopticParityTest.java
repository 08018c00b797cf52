package org.spike2former.verify.panoptic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.verify.Engine;
import org.spike2former.verify.Parity;
import org.spike2former.verify.ParityOptions;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.folder.SyntheticFolder;
import org.spike2former.verify.report.ReportText;

class PanopticParityTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures/panoptic");

  @TempDir private Path folder;
  private final Workers three = new Workers(3);
  private final Workers one = new Workers(1);

  @AfterEach
  void stop() {
    three.close();
    one.close();
  }

  private ParityReport run(Path path) throws IOException {
    return new Parity(
            ParityOptions.of(List.of(Precision.F64, Precision.F32)),
            Engine.of(Backend.AUTO, three),
            List.of(Engine.of(Backend.SCALAR, one)))
        .run(path);
  }

  /** Copies a case that can then be altered. */
  private Path copy(String name) throws IOException {
    Path from = FIXTURES.resolve(name);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = folder.resolve(from.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    return folder;
  }

  private void edit(String file, String from, String to) throws IOException {
    Path path = folder.resolve(file);
    String text = Files.readString(path);
    assertThat(text).contains(from);
    Files.writeString(path, text.replace(from, to));
  }

  private AbstractThrowableAssert<?, ?> assertRefused() {
    return assertThatThrownBy(() -> run(folder))
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"allstuff", "nothing", "plain", "rescaled"})
  void postProcessing(String name) throws IOException {
    ParityReport report = run(FIXTURES.resolve("prediction").resolve(name));
    assertThat(report.pass()).as(ReportText.summary(report)).isTrue();
    assertThat(report.sections())
        .extracting(Section::title)
        .containsExactly(
            "post-processing, float64",
            "post-processing against itself, float64: 1 thread",
            "post-processing, float32",
            "post-processing against itself, float32: 1 thread");
    assertThat(report.sections().get(0).rows())
        .extracting(TensorComparison::name)
        .containsExactly(
            "panoptic_seg",
            "instances.labels",
            "instances.queries",
            "instances.scores",
            "instances.boxes",
            "instances.masks");
    assertThat(report.sections().get(0).worstError()).isLessThan(1e-14);
  }

  @ParameterizedTest
  @ValueSource(strings = {"street", "nocrowd"})
  void quality(String name) throws IOException {
    ParityReport report = run(FIXTURES.resolve("quality").resolve(name));
    assertThat(report.pass()).as(ReportText.summary(report)).isTrue();
    assertThat(report.sections().get(0).rows()).hasSize(12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"boxes", "crowds"})
  void precision(String name) throws IOException {
    ParityReport report = run(FIXTURES.resolve("precision").resolve(name));
    assertThat(report.pass()).as(ReportText.summary(report)).isTrue();
    assertThat(report.sections().get(0).rows()).hasSize(12);
  }

  @Test
  void anotherPixelFails() throws IOException {
    copy("prediction/nothing");
    SyntheticFolder.rewrite(
        folder.resolve("f64.safetensors"),
        tensors -> {
          tensors.put("panoptic_seg", numbers(tensors.get("panoptic_seg"), 5, 1001));
          tensors.get("instances.masks").bytes()[7] ^= 1;
        });
    ParityReport report = run(folder);
    assertThat(report.pass()).isFalse();
    assertThat(report.sections().get(0).rows())
        .filteredOn(row -> !row.pass())
        .extracting(TensorComparison::name, TensorComparison::note)
        .containsExactly(tuple("panoptic_seg", "1 differ"), tuple("instances.masks", "1 differ"));
  }

  private static Tensor numbers(Tensor x, int at, double value) {
    double[] numbers = new double[x.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i == at ? value : x.get(i);
    }
    return Tensor.of(numbers, x.shape());
  }

  @Test
  void anotherNumberOfInstancesFails() throws IOException {
    copy("prediction/nothing");
    SyntheticFolder.rewrite(
        folder.resolve("f64.safetensors"),
        tensors -> tensors.put("instances.scores", Tensor.of(new double[] {1, 1}, 2)));
    assertThat(run(folder).sections().get(0).rows())
        .filteredOn(row -> !row.pass())
        .extracting(TensorComparison::note)
        .containsExactly("expected shape [2], found [3]");
  }

  @Test
  void anotherFigureFails() throws IOException {
    copy("quality/street");
    edit("expected.json", "\"fp\": 5,", "\"fp\": 6,");
    edit("expected.json", "0.2886573284937617", "0.28865732849376175");
    assertThat(run(folder).sections().get(0).rows())
        .filteredOn(row -> !row.pass())
        .extracting(TensorComparison::note)
        .contains("expected 0.28865732849376174, found 0.2886573284937617");
  }

  @Test
  void saysWhatAPredictionLacks() throws IOException {
    copy("prediction/nothing");
    Path f64 = folder.resolve("f64.safetensors");
    SyntheticFolder.rewrite(f64, tensors -> tensors.remove("mask_preds"));
    assertRefused().hasMessage(f64 + ": has no tensor mask_preds");
    edit("config.json", "\"things\": 3", "\"things\": 9");
    assertRefused().hasMessageContaining("config.json: ").hasMessageContaining("9 things among 6");
    edit("config.json", "\"things\": 9,", "");
    assertRefused().hasMessageContaining("config.json: ").hasMessageContaining("things: missing");
  }

  @Test
  void saysWhichShapeOfAPredictionIsWrong() throws IOException {
    copy("prediction/nothing");
    edit("config.json", "\"queries\": 10", "\"queries\": 11");
    assertRefused()
        .hasMessage(
            folder.resolve("f64.safetensors")
                + ": cls_scores: expected shape [11, 7] as config.json says, found [10, 7]");
    edit("config.json", "\"iou_thr\": 0.8", "\"iou_thr\": 1.8");
    assertRefused().hasMessageContaining("iou_thr: expected a number from 0 to 1, found 1.8");
    Files.delete(folder.resolve("f64.safetensors"));
    Files.delete(folder.resolve("f32.safetensors"));
    edit("config.json", "1.8", "0.8");
    assertRefused()
        .hasMessage(folder + ": the folder has neither f64.safetensors nor f32.safetensors");
  }

  @Test
  void saysWhatAQualityLacks() throws IOException {
    copy("quality/street");
    Path png = folder.resolve("pred/000003.png");
    Files.move(png, folder.resolve("pred/other.png"));
    assertRefused()
        .hasMessage(png + ": no such file; " + folder.resolve("pred.json") + " has it of image 3");
    Files.copy(folder.resolve("pred/other.png"), png);
    assertRefused()
        .hasMessage(
            folder.resolve("pred/other.png") + ": not listed in " + folder.resolve("pred.json"));
    Files.delete(folder.resolve("pred/other.png"));
    edit("gt.json", "\"id\": 69,", "\"id\": 68,");
    assertRefused().hasMessageContaining("segment 68 has no pixel in");
    Files.delete(folder.resolve("pred.json"));
    assertRefused().hasMessage(folder + ": the folder has no pred.json");
    Files.delete(folder.resolve("expected.json"));
    assertRefused().hasMessage(folder + ": the folder has no expected.json");
  }

  @Test
  void saysWhatAPrecisionLacks() throws IOException {
    copy("precision/boxes");
    edit("expected.json", "\"AP75\"", "\"AP76\"");
    assertRefused()
        .hasMessage(folder.resolve("expected.json") + ": AP75: expected a number, found nothing");
    edit("detections.json", "\"category_id\": 8", "\"category_id\": 7");
    assertRefused().hasMessageContaining("detections.json: result 0: there is no category 7 in");
    Files.delete(folder.resolve("gt.json"));
    assertRefused().hasMessage(folder + ": the folder has no gt.json");
  }
}
