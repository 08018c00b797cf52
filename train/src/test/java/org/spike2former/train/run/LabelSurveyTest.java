package org.spike2former.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.loader.OnBadImage;
import org.spike2former.train.TinyRun;
import org.spike2former.train.TinyRun.Recorder;
import org.spike2former.train.Trainer;
import org.spike2former.train.config.TrainConfig;

class LabelSurveyTest {
  @TempDir private Path folder;
  private Path config;

  @BeforeEach
  void prepare() throws IOException {
    config = TinyRun.prepare(folder);
  }

  private Path label(String split, int number) {
    return folder.resolve("data/labels/" + split + "/" + number + ".png");
  }

  private LabelSurvey survey(String split, OnBadImage onBadImage) throws IOException {
    return LabelSurvey.of(TinyRun.config(config).data().dataset(split), 2, onBadImage, () -> false);
  }

  private List<String> warnings() throws IOException {
    return survey("train", OnBadImage.FAIL).trainingWarnings();
  }

  @Test
  void goodLabelsAreNoWord() throws IOException {
    assertThat(warnings()).isEmpty();
    assertThat(survey("val", OnBadImage.FAIL).validationWarnings()).isEmpty();
  }

  @Test
  void blackAndWhiteMasks() throws IOException {
    for (int i = 0; i < TinyRun.IMAGES; i++) {
      TinyRun.relabel(label("train", i), 0, 255, 255);
    }
    assertThat(warnings())
        .containsExactly(
            "warning: folder train: no pixel of class dark, light in 5 labels; labels of 0 and 255"
                + " where 0 and 1 were meant? 255 is not a class: write class dark as 1");
  }

  @Test
  void aClassThatNeverOccursAndALabelWithoutAny() throws IOException {
    for (int i = 0; i < TinyRun.IMAGES; i++) {
      TinyRun.relabel(label("train", i), i == 3 ? new int[] {255, 255, 255} : new int[] {0, 0, 2});
    }
    assertThat(warnings())
        .containsExactly(
            "warning: folder train: no pixel of class dark in 5 labels",
            "warning: folder train: 1 of 5 labels have no pixel of any class; the first: "
                + label("train", 3));
  }

  @Test
  void noClassAtAll() throws IOException {
    TinyRun.fill(folder, "train", 255);
    TinyRun.fill(folder, "val", 255);
    assertThat(warnings())
        .singleElement()
        .asString()
        .startsWith("warning: folder train: not one pixel of 5 labels has a class, so it teaches");
    assertThat(survey("val", OnBadImage.FAIL).validationWarnings())
        .singleElement()
        .asString()
        .startsWith("warning: folder val: not one pixel of 5 labels has a class, so there will be");
  }

  @Test
  void aValueThatIsNoClassIsNamedBeforeTheFirstStep() throws IOException {
    TinyRun.relabel(label("train", 4), 0, 1, 7);
    Recorder recorder = new Recorder();
    try (Trainer trainer = new Trainer(TinyRun.config(config), recorder)) {
      assertThatThrownBy(() -> trainer.run(false))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(label("train", 4) + ": label 7 at x=")
          .hasMessageEndingWith(" is not one of the 3 classes");
    }
    assertThat(recorder.steps).isEmpty();
    assertThat(folder.resolve("run")).doesNotExist();
    assertThat(survey("train", OnBadImage.SKIP).trainingWarnings()).isEmpty();
  }

  @Test
  void ofManyLabelsSomeAreRead() throws IOException {
    for (int i = TinyRun.IMAGES; i < 300; i++) {
      Files.copy(label("train", 0), label("train", i));
      Files.createFile(folder.resolve("data/images/train/" + i + ".png"));
    }
    for (int i = 0; i < 300; i++) {
      Files.copy(
          label("val", 0), label("train", i), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    for (int i = 0; i < 300; i++) {
      TinyRun.relabel(label("train", i), 0, 1, 1);
    }
    assertThat(warnings())
        .containsExactly(
            "warning: folder train: no pixel of class light in 200 of 300 labels (a sample; s2f"
                + " data check reads all)");
  }

  @Test
  void withoutAnyLabelledPixelThereIsNoBestModel() throws Exception {
    TinyRun.fill(folder, "val", 255);
    Recorder recorder = new Recorder();
    TrainConfig run = TinyRun.config(config, "train.iterations=4", "train.eval_every=2");
    try (Trainer trainer = new Trainer(run, recorder)) {
      assertThat(trainer.run(false)).isTrue();
    }
    assertThat(recorder.evaluations).containsExactly(2L, 4L);
    assertThat(recorder.notices)
        .contains(
            "warning: no pixel of folder val has a class, so there is no mIoU and no best model");
    assertThat(folder.resolve("run/best")).doesNotExist();
    assertThat(folder.resolve("run/last/weights.safetensors")).isNotEmptyFile();
    List<JsonNode> evaluations =
        TrainLog.read(folder.resolve("run/log.jsonl"), 4, _ -> {}).stream()
            .filter(entry -> entry.has("miou"))
            .toList();
    assertThat(evaluations).hasSize(2);
    for (JsonNode entry : evaluations) {
      assertThat(entry.get("miou").isNull()).isTrue();
      assertThat(entry.get("aacc").isNull()).isTrue();
      assertThat(entry.get("best")).isEqualTo(new ObjectMapper().readTree("false"));
    }
    TrainPlots.write(folder, evaluations);
    assertThat(folder.resolve("miou.png")).doesNotExist();
  }
}
