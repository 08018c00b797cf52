package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.LabelMap;
import org.spike2former.data.image.Images;
import org.spike2former.model.Segmenter;
import org.spike2former.tests.S2f.Run;

/** {@code s2f eval} and {@code s2f data} on the samples, whose labels the model made itself. */
class EvalTest {
  private static final Path MODEL = S2f.ROOT.resolve("models/camvid-small");
  private static final List<String> NAMES = List.of("shops", "street");

  @TempDir private Path folder;

  @BeforeEach
  void writeData() throws IOException {
    Path images = Files.createDirectories(folder.resolve("set/images/test"));
    try (Segmenter segmenter = Segmenter.load(MODEL)) {
      for (String name : NAMES) {
        Path image = S2f.ROOT.resolve("samples/" + name + ".jpg");
        Files.copy(image, images.resolve(name + ".jpg"));
        LabelMap labels = segmenter.segment(Images.read(image)).labels();
        labels.writePng(folder.resolve("set/annotations/test/" + name + ".png"));
      }
    }
    Files.writeString(
        folder.resolve("set.yaml"),
        """
        type: camvid
        root: set
        splits: {train: test, val: test, test: test}
        train_pipeline:
          - random_crop: {size: [100, 120]}
          - random_flip
        """);
  }

  @Test
  void aModelAgreesWithItself() throws IOException, InterruptedException {
    Run run = S2f.run(folder, "eval", MODEL, "--data", "set", "--out", "out/a", "--save-labels");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.errorLines()).isEmpty();
    assertThat(run.out())
        .contains("class", "road", "aAcc 100.00", "mIoU 100.00", "folder test: 2 images, whole");
    JsonNode metrics = new ObjectMapper().readTree(folder.resolve("out/a/metrics.json").toFile());
    assertThat(metrics.get("images").asInt()).isEqualTo(2);
    assertThat(metrics.get("summary").get("mFscore").asDouble()).isEqualTo(100);
    assertThat(metrics.get("per_class").size()).isEqualTo(11);
    List<String> confusion = Files.readAllLines(folder.resolve("out/a/confusion.csv"));
    assertThat(confusion).hasSize(12);
    assertThat(Files.readAllLines(folder.resolve("out/a/per-class.csv"))).hasSize(12);
    assertThat(Images.read(folder.resolve("out/a/confusion.png")).getWidth()).isGreaterThan(300);
    for (String name : NAMES) {
      assertThat(LabelMap.read(folder.resolve("out/a/labels/" + name + ".png")).labels())
          .isEqualTo(
              LabelMap.read(folder.resolve("set/annotations/test/" + name + ".png")).labels());
    }
  }

  @Test
  void windowsAndAugmentation() throws IOException, InterruptedException {
    Run run =
        S2f.run(
            folder,
            "eval",
            MODEL,
            "--data",
            "set.yaml",
            "--mode",
            "slide",
            "--crop",
            "128,160",
            "--stride",
            "100,120",
            "--tta",
            "--json");
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.get("inference").asText())
        .isEqualTo("windows of 160x128 every 120x100, test-time augmentation");
    assertThat(report.get("summary").get("aAcc").asDouble()).isBetween(70.0, 99.9);
  }

  @Test
  void badImagesStopOrAreSkipped() throws IOException, InterruptedException {
    Path bad = folder.resolve("set/images/test/shops.jpg");
    Files.write(bad, new byte[] {1, 2, 3});
    Run stopped = S2f.run(folder, "eval", MODEL, "--data", "set");
    assertThat(stopped.code()).isEqualTo(2);
    assertThat(stopped.errorLines())
        .singleElement()
        .asString()
        .startsWith("s2f: set/images/test/shops.jpg: not an image");
    Run skipped = S2f.run(folder, "eval", MODEL, "--data", "set", "--on-bad-image", "skip");
    assertThat(skipped.code()).as(skipped.err()).isZero();
    assertThat(skipped.errorLines()).singleElement().asString().contains("shops.jpg", "; skipped");
    assertThat(skipped.out()).contains("1 images, 1 skipped", "aAcc 100.00");
  }

  @Test
  void wrongInputIsOneLine() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("odd.yaml"), "type: camvid\nroot: set\npipeline: []\n");
    requireError("odd.yaml: pipeline: unknown key", "eval", MODEL, "--data", "odd.yaml");
    requireError("none: no such file", "eval", MODEL, "--data", "none");
    requireError(
        "set/images/val: no such folder of images",
        "eval",
        MODEL,
        "--data",
        "set",
        "--split",
        "val");
    Files.writeString(folder.resolve("voc.yaml"), "type: folder\nroot: set\nclasses: [a, b]\n");
    requireError(
        "voc.yaml: the data have 2 classes, the model has 11", "eval", MODEL, "--data", "voc.yaml");
    requireError(
        "--crop and --stride need --mode slide", "eval", MODEL, "--data", "set", "--crop", "9,9");
  }

  private void requireError(String message, Object... arguments)
      throws IOException, InterruptedException {
    Run run = S2f.run(folder, arguments);
    assertThat(run.code()).as(run.out()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().startsWith("s2f: " + message);
  }

  @Test
  void aSplitWithoutClassesSaysSo() throws IOException, InterruptedException {
    for (String name : NAMES) {
      byte[] labels = new byte[180 * 240];
      Arrays.fill(labels, (byte) 255);
      new LabelMap(180, 240, labels)
          .writePng(folder.resolve("set/annotations/test/" + name + ".png"));
    }
    Run run = S2f.run(folder, "eval", MODEL, "--data", "set");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("mIoU -", "no pixel of folder test has a class");
  }

  @Test
  void checkCountsAndFindsTheFirstBadFile() throws IOException, InterruptedException {
    Run good = S2f.run(folder, "data", "check", "set.yaml");
    assertThat(good.code()).as(good.err()).isZero();
    assertThat(good.out())
        .contains(
            "camvid train: 2 images",
            "sizes: 240x180 (2 images)",
            "3 road",
            "in 2 images",
            "pixels without class: 0; images without any class: 0",
            "camvid test: the same as train");
    Run named = S2f.run(folder, "data", "check", "camvid", "--root", "set", "--split", "test");
    assertThat(named.code()).as(named.err()).isZero();
    assertThat(named.out()).contains("camvid test: 2 images");
    Path labels = folder.resolve("set/annotations/test/street.png");
    new LabelMap(180, 240, filled(11)).writePng(labels);
    Run bad = S2f.run(folder, "data", "check", "set.yaml");
    assertThat(bad.code()).isEqualTo(1);
    assertThat(bad.errorLines())
        .containsExactly(
            "s2f: camvid train: 1 of 2 images cannot be used; the first:"
                + " set/annotations/test/street.png: label 11 at x=0, y=0 is none of the 11"
                + " classes");
  }

  private static byte[] filled(int label) {
    byte[] labels = new byte[180 * 240];
    Arrays.fill(labels, (byte) label);
    return labels;
  }

  @Test
  void showDrawsASheet() throws IOException, InterruptedException {
    Run run = S2f.run(folder, "data", "show", "set.yaml", "--count", "3", "-o", "sheet.png");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo("camvid train: 3 samples → sheet.png\n");
    assertThat(Images.read(folder.resolve("sheet.png")).getWidth()).isEqualTo(3 * 256 + 8);
    byte[] first = Files.readAllBytes(folder.resolve("sheet.png"));
    S2f.run(folder, "data", "show", "set.yaml", "--count", "3", "-o", "sheet.png");
    assertThat(Files.readAllBytes(folder.resolve("sheet.png"))).isEqualTo(first);
  }
}
