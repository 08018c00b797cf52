package org.spike2former.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.Task;
import org.spike2former.data.config.ConfigException;
import org.spike2former.model.Segmenter;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.train.TinyRun.Recorder;
import org.spike2former.train.run.CheckpointsTest;

/** Runs on images whose things are told apart: bright blobs on dark ground. */
class PanopticRunTest {
  private static final int SIDE = 48;
  private static final int IMAGES = 6;
  private static final int GROUND = 1000;
  private static final int VOID = 0xffff;

  @TempDir private Path folder;
  private Path config;
  private final Recorder recorder = new Recorder();

  /** What a killed process leaves: nothing is closed, no checkpoint is written. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  @BeforeEach
  void prepare() throws IOException {
    config = TinyRun.prepare(folder);
    for (String split : List.of("train", "val")) {
      for (int i = 0; i < IMAGES; i++) {
        image(split, i);
      }
    }
  }

  /** A blob in each of two or three quarters. */
  private void image(String split, int number) throws IOException {
    Random random = new Random(split.hashCode() + number);
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < SIDE * SIDE; i++) {
      image.setRGB(i % SIDE, i / SIDE, random.nextInt(1 << 24) & 0x3f3f3f);
    }
    BufferedImage ids = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_USHORT_GRAY);
    int[] values = new int[SIDE * SIDE];
    Arrays.fill(values, GROUND);
    for (int blob = 0; blob < 2 + number % 2; blob++) {
      int left = blob % 2 * SIDE / 2 + random.nextInt(8);
      int top = blob / 2 * SIDE / 2 + random.nextInt(8);
      for (int i = 0; i < 16 * 16; i++) {
        int x = left + i % 16;
        int y = top + i / 16;
        image.setRGB(x, y, random.nextInt(1 << 24) & 0x1f1f1f | 0xe0c020);
        values[y * SIDE + x] = 1 + blob;
      }
    }
    ids.getRaster().setSamples(0, 0, SIDE, SIDE, 0, values);
    write(image, "images", split, number);
    write(ids, "segments", split, number);
  }

  private void write(BufferedImage image, String kind, String split, int number)
      throws IOException {
    Path file = folder.resolve("panoptic/" + kind + "/" + split + "/" + number + ".png");
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }

  /** Makes all segments of a split's images these. */
  private void fill(String split, int[] values) throws IOException {
    fill(split, 0, IMAGES, values);
  }

  private void fill(String split, int from, int to, int[] values) throws IOException {
    for (int i = from; i < to; i++) {
      BufferedImage ids = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_USHORT_GRAY);
      ids.getRaster().setSamples(0, 0, SIDE, SIDE, 0, values);
      write(ids, "segments", split, i);
    }
  }

  private Path run(String output, boolean resume, String... overrides) throws Exception {
    Path path = folder.resolve(output);
    try (Trainer trainer =
        new Trainer(TinyRun.config(config, overrides(path, overrides)), recorder)) {
      trainer.run(resume);
    }
    return path;
  }

  private String[] overrides(Path output, String... others) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "data={type: folder-panoptic, classes: [blob, ground], things: [blob],"
                    + " image_dir: 'images/{split}', label_dir: 'segments/{split}',"
                    + " train_pipeline: [random_flip]}",
                "data.root=" + folder.resolve("panoptic"),
                "model.head.classes=2",
                "output=" + output));
    all.addAll(List.of(others));
    return all.toArray(String[]::new);
  }

  private static List<JsonNode> log(Path output) throws IOException {
    List<JsonNode> entries = new ArrayList<>();
    for (String line : Files.readAllLines(output.resolve("log.jsonl"))) {
      ObjectNode entry = (ObjectNode) new ObjectMapper().readTree(line);
      entry.remove(List.of("seconds", "images_per_second"));
      entries.add(entry);
    }
    return entries;
  }

  /** So many things, each a row of the image. */
  private static int[] stripes(int count) {
    int[] values = new int[SIDE * SIDE];
    Arrays.setAll(values, i -> i / SIDE < count ? 1 + i / SIDE : GROUND);
    return values;
  }

  private static int[] all(int value) {
    int[] values = new int[SIDE * SIDE];
    Arrays.fill(values, value);
    return values;
  }

  @Test
  void blobsAreLearntOneByOne() throws Exception {
    Path output =
        run(
            "long",
            false,
            "train.iterations=120",
            "train.accumulate=1",
            "train.ema=0",
            "train.eval_every=40",
            "model.transformer_decoder.queries=8",
            "optimizer.lr=0.01");
    double first = recorder.steps.getFirst().loss();
    double last = recorder.steps.getLast().loss();
    assertThat(last).isLessThan(0.5 * first);
    assertThat(log(output).getLast().get("pq").asDouble()).isPositive();
  }

  @Test
  void aRunThatIsKilledEndsAsTheOneThatWasNot() throws Exception {
    Path whole = run("whole", false);
    assertThat(log(whole)).hasSize(8 + 2);
    int[] count = new int[1];
    recorder.afterStep =
        () -> {
          if (++count[0] == 5) {
            throw new Killed();
          }
        };
    assertThatThrownBy(() -> run("killed", false)).isInstanceOf(Killed.class);
    recorder.afterStep = () -> {};
    run("killed", true, "train.threads=2", "data.loader.threads=1");
    Path killed = folder.resolve("killed");
    assertThat(log(killed)).isEqualTo(log(whole));
    for (String file :
        List.of("checkpoints/step-00000008.safetensors", "best/weights.safetensors")) {
      CheckpointsTest.assertSameFile(killed.resolve(file), whole.resolve(file));
    }
    assertThat(killed.resolve("last/weights.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("last/weights.safetensors"));
  }

  @Test
  void theModelTellsThingsApart() throws Exception {
    Path output = run("run", false, "train.iterations=2");
    assertThat(log(output).getLast().has("miou")).isFalse();
    for (String key : List.of("pq", "sq", "rq")) {
      assertThat(log(output).getLast().get(key).isNumber()).as(key).isTrue();
    }
    assertThat(output.resolve("pq.png")).isNotEmptyFile();
    assertThat(output.resolve("miou.png")).doesNotExist();
    BufferedImage image = ImageIO.read(folder.resolve("panoptic/images/val/0.png").toFile());
    for (String name : List.of("best", "last")) {
      try (Segmenter segmenter = Segmenter.load(output.resolve(name))) {
        assertThat(segmenter.tasks()).contains(Task.PANOPTIC);
        assertThat(segmenter.classes().things()).isEqualTo(1);
        assertThat(segmenter.panoptic(image).map().width()).isEqualTo(SIDE);
      }
    }
  }

  /** Of things the classes alone are learnt, and the model says so. */
  @Test
  void taskSemanticGivesASemanticModel() throws Exception {
    Path output = run("run", false, "train.iterations=1", "data.task=semantic");
    assertThat(log(output).getLast().has("miou")).isTrue();
    try (Segmenter segmenter = Segmenter.load(output.resolve("last"))) {
      assertThat(segmenter.tasks()).containsExactly(Task.SEMANTIC);
    }
    assertThatThrownBy(() -> run("run", true, "train.iterations=2"))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            output.resolve("checkpoints/step-00000001.safetensors")
                + ": is of a run with task semantic, not panoptic; choose another output");
  }

  /** A crowd is a thing's class without a number. */
  @Test
  void imagesWithoutTargetsTeachNoObjectAlone() throws Exception {
    fill("train", all(0));
    fill("val", all(0));
    Path output = run("crowd", false, "train.iterations=1");
    StepReport step = recorder.steps.getFirst();
    assertThat(step.loss()).isPositive();
    assertThat(step.mask() + step.dice()).isZero();
    assertThat(log(output).getLast().get("pq").isNull()).isTrue();
    assertThat(output.resolve("best")).doesNotExist();
    assertThat(recorder.notices)
        .contains(
            "warning: no segment of folder-panoptic val counts, so there is no PQ and no best"
                + " model");
  }

  @Test
  void anImageWithoutAnySegmentIsNamedOrSkipped() throws Exception {
    fill("train", 0, 2, all(VOID));
    assertThatThrownBy(() -> run("void", false, "train.iterations=1"))
        .isInstanceOf(IOException.class)
        .hasMessage(folder.resolve("panoptic/segments/train/0.png") + ": no segment");
    run("skip", false, "train.iterations=1", "data.loader.on_bad_image=skip");
    assertThat(recorder.steps).hasSize(1);
  }

  @Test
  void moreTargetsThanQueriesAreNoError() throws Exception {
    fill("train", stripes(20));
    run("many", false, "train.iterations=2");
    assertThat(recorder.steps).hasSize(2).allMatch(s -> s.mask() > 0 && s.loss() < 1e6);
  }

  @Test
  void windowsAreRefused() {
    String slide = "data.inference={mode: slide, crop: [48, 48], stride: [32, 32]}";
    assertThatThrownBy(() -> TinyRun.config(config, overrides(folder.resolve("run"), slide)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data.inference.mode: task panoptic is evaluated on whole images");
  }
}
