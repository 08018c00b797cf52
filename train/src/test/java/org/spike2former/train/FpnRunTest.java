package org.spike2former.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.LabelMap;
import org.spike2former.model.Segmenter;
import org.spike2former.model.network.FpnNetwork;
import org.spike2former.model.network.Network;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.train.TinyRun.Recorder;
import org.spike2former.train.config.TrainConfig;

/** Training of an FPN, from its configuration to its model folder. */
class FpnRunTest {
  private static final String MODEL =
      """
      model:
        backbone: {type: sdtv2, embed_dims: [8, 8, 8, 16], heads: 2, mlp_ratio: 2, time_steps: 1,
          neuron: {max_spikes: 4, norm: 1}}
        neck: {type: qfpn, channels: 8, neuron: {max_spikes: 4, norm: 1}}
        head: {type: fpn, classes: 3, channels: 8, strides: [4, 8, 16, 32],
          neuron: {max_spikes: 4, norm: 1}}
      """;

  @TempDir private Path folder;
  private Path config;
  private final Recorder recorder = new Recorder();

  @BeforeEach
  void prepare() throws IOException {
    config = TinyRun.prepare(folder);
    String text = Files.readString(config);
    String rest = text.substring(text.indexOf("init:")).replaceAll("loss: .*\n", "");
    Files.writeString(config, MODEL + rest);
  }

  private Path run(String output, String... overrides) throws IOException, TrainingException {
    Path path = folder.resolve(output);
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("output=" + path);
    try (Trainer trainer =
        new Trainer(TinyRun.config(config, all.toArray(String[]::new)), recorder)) {
      trainer.run(false);
    }
    return path;
  }

  private double loss(int step) {
    return recorder.steps.get(step).loss();
  }

  @Test
  void twoImagesAreLearnt() throws Exception {
    for (int i = 2; i < TinyRun.IMAGES; i++) {
      Files.delete(folder.resolve("data/images/train/" + i + ".png"));
      Files.delete(folder.resolve("data/labels/train/" + i + ".png"));
    }
    Path run =
        run(
            "overfit",
            "data.train_pipeline=[{random_flip: {probability: 0}}]",
            "init.scheme=he",
            "optimizer.lr=0.01",
            "optimizer.clip=0",
            "optimizer.groups=[{pattern: head, lr_factor: 2}]",
            "train.iterations=60",
            "train.accumulate=1",
            "train.batch=2",
            "train.ema=0",
            "train.threads=2",
            "train.eval_every=60",
            "train.eval_split=train");
    assertThat(loss(0)).isBetween(0.8, 3.0);
    assertThat(loss(59)).isLessThan(0.3);
    assertThat(recorder.steps.getLast().cls()).isEqualTo(loss(59));
    assertThat(recorder.steps.getLast().mask()).isZero();
    Network learnt = ModelFolder.load(run.resolve("last"), false);
    assertThat(learnt).isInstanceOf(FpnNetwork.class);
    Path image = folder.resolve("data/images/train/0.png");
    BufferedImage labels = ImageIO.read(folder.resolve("data/labels/train/0.png").toFile());
    try (Segmenter segmenter = Segmenter.load(run.resolve("last"))) {
      LabelMap found = segmenter.segment(image).labels();
      int right = 0;
      for (int i = 0; i < found.width() * found.height(); i++) {
        int expected = labels.getRaster().getSample(i % found.width(), i / found.width(), 0);
        right += found.label(i) == expected ? 1 : 0;
      }
      assertThat((double) right / (found.width() * found.height())).isGreaterThan(0.85);
    }
  }

  @Test
  void threadsDoNotMatter() throws Exception {
    Path one = run("one", "train.iterations=2");
    Path two = run("two", "train.iterations=2", "train.threads=2");
    assertThat(two.resolve("last/weights.safetensors"))
        .hasSameBinaryContentAs(one.resolve("last/weights.safetensors"));
  }

  @Test
  void anotherRunsClassifierFollowsTheNamesOfTheClasses() throws Exception {
    Path first = run("first", "train.iterations=1");
    run(
        "second",
        "train.iterations=1",
        "init.weights=" + first.resolve("last"),
        "data.classes=[ground, light, dark]");
    assertThat(recorder.notices)
        .anyMatch(line -> line.contains("the rows of decode_head.conv_seg.* follow their names"));
  }

  @Test
  void whatAnFpnCannotLearnIsRefused() {
    String things = "data.things=[ground]";
    assertThatThrownBy(
            () -> TinyRun.config(config, "data.type=folder-panoptic", things, "data.task=panoptic"))
        .hasMessageContaining("data.task: the model's head has no queries");
    assertThatThrownBy(() -> TinyRun.config(config, "loss.dice_weight=2"))
        .hasMessageContaining(
            "the model's head has no queries; of this section class_weight and scale count");
  }

  @Test
  void weightAndScaleOfTheLossCount() throws IOException {
    TrainConfig read = TinyRun.config(config, "loss.class_weight=2", "loss.scale=0.5");
    assertThat(read.loss().classWeight()).isEqualTo(2);
    assertThat(read.print()).contains("type: fpn", "neck:").doesNotContain("alpha");
  }
}
