package org.spike2former.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.pixel.FrameFile;
import org.spike2former.data.pixel.FrameImage;
import org.spike2former.model.Segmenter;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.train.config.TrainConfig;

/** Event frames through the whole of a training: several time steps, neurons with a memory. */
class MovingBarTest {
  @TempDir private Path folder;

  private static List<JsonNode> train(TrainConfig config) throws Exception {
    try (Trainer trainer = new Trainer(config, new TinyRun.Recorder())) {
      trainer.run(false);
    }
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> entries = new ArrayList<>();
    for (String line : Files.readAllLines(config.output().resolve("log.jsonl"))) {
      entries.add(json.readTree(line));
    }
    return entries;
  }

  @Test
  @Tag("slow")
  void theBarIsFound() throws Exception {
    Path file = MovingBar.prepare(folder, 64);
    List<JsonNode> log = train(MovingBar.config(file));
    assertThat(log.getLast().get("miou").asDouble()).isGreaterThanOrEqualTo(0.9);
  }

  @Test
  void aFewStepsMakeAModelForFrames() throws Exception {
    Path file = MovingBar.prepare(folder, 6);
    TrainConfig config =
        MovingBar.config(
            file,
            "train.iterations=2",
            "train.batch=2",
            "train.eval_every=0",
            "data.metric=mdice",
            "data.train_pipeline=[random_rot_flip, {random_crop: {size: [32, 40]}}, random_flip]");
    assertThat(config.model().backbone().inChannels()).isEqualTo(2);
    List<JsonNode> log = train(config);
    JsonNode evaluation = log.getLast();
    assertThat(evaluation.has("mdice")).isTrue();
    assertThat(evaluation.has("miou")).isTrue();
    Path run = config.output();
    assertThat(run.resolve("mdice.png")).exists();
    assertThat(Files.readString(run.resolve("evaluations/step-00000002.csv")))
        .startsWith("class,Dice");
    assertThat(ImageIO.read(run.resolve("evaluations/step-00000002.png").toFile())).isNotNull();
    Path best = run.resolve("best");
    assertThat(Files.readString(best.resolve("preprocess.json")))
        .contains("\"channels\" : \"frames\"");
    assertThat(Files.readString(best.resolve("model.json"))).contains("\"in_channels\" : 2");

    try (Segmenter segmenter = Segmenter.load(best)) {
      Path frames = folder.resolve("data/images/val/0.npy");
      FrameImage picture = FrameFile.read(frames).image();
      assertThat(segmenter.segment(frames).labels().labels())
          .isEqualTo(segmenter.segment(picture).labels().labels())
          .hasSize(48 * 48);
      assertThat(segmenter.segment(frames).image()).isInstanceOf(FrameImage.class);
      assertRefused(
          segmenter,
          picture.getSubimage(0, 0, 48, 48),
          "an image in colours, where the model takes event frames (.npy) of 2 channels");
      assertRefused(segmenter, frames(3, 2), "3 event frames, where the model has 4 time steps");
      assertRefused(
          segmenter,
          frames(4, 5),
          "event frames of 5 channels, where the model takes event frames (.npy) of 2 channels");
      // One frame is shown at every step.
      assertThat(segmenter.segment(frames(1, 2)).labels().height()).isEqualTo(48);
    }
    assertThat(ModelFolder.config(best)).isEqualTo(config.model());
  }

  private FrameImage frames(int steps, int channels) throws IOException {
    Path file = folder.resolve("other.npy");
    FrameFile.write(file, steps, 48, 48, channels, new float[steps * 48 * 48 * channels]);
    return FrameFile.read(file).image();
  }

  private static void assertRefused(Segmenter segmenter, BufferedImage image, String message) {
    assertThatThrownBy(() -> segmenter.segment(image))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void whatDoesNotFitIsNamed() throws Exception {
    Path file = MovingBar.prepare(folder, 1);
    assertBad(file, "data.frames=2", "data.frames: 2 frames in a file, but model.backbone");
    assertBad(
        file,
        "model.backbone.in_channels=3",
        "model.backbone.in_channels: the network takes 3 channels, the data set has 2;");
    assertBad(
        file,
        "data.train_pipeline=[random_flip, photometric_distortion]",
        "data.train_pipeline[1]: photometric_distortion changes colours, which event frames");
    assertBad(
        file,
        "data.train_pipeline=[{color_jitter: {brightness: 0.2, contrast: 0.2}}]",
        "data.train_pipeline[0]: color_jitter changes colours, which event frames do not have");
    assertBad(file, "data.channels=3", "data.normalise.mean: expected a list of 3 numbers");
    assertBad(
        file,
        "data.image_suffix=.png",
        "data.channels: only for event frames, with image_suffix: .npy");
    assertBad(
        file,
        "data.train_pipeline=[{random_rot_flip: {label_fill: 2}}]",
        "data.train_pipeline[0].random_rot_flip.label_fill: expected 255 or a class below 2");
  }

  private static void assertBad(Path file, String override, String message) {
    assertThatThrownBy(() -> MovingBar.config(file, override))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  /** A run that was told its best model by one measure cannot go on with another. */
  @Test
  void aRunKeepsItsMeasure() throws Exception {
    Path file = MovingBar.prepare(folder, 2);
    String[] few = {"train.iterations=1", "train.batch=1", "train.checkpoint_every=1"};
    train(MovingBar.config(file, few));
    TrainConfig other =
        MovingBar.config(file, "train.iterations=2", "train.batch=1", "data.metric=mdice", few[2]);
    try (Trainer trainer = new Trainer(other, new TinyRun.Recorder())) {
      assertThatThrownBy(() -> trainer.run(true))
          .hasMessageContaining("is of a run whose best model is told by mIoU, not mDice");
    }
  }
}
