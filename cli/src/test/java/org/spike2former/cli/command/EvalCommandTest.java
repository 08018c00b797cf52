package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;
import org.spike2former.data.LabelMap;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.model.Segmenter;

/** {@code s2f eval} and {@code s2f data} on the samples, whose labels the model made itself. */
class EvalCommandTest {
  private static final Path MODEL = InProcess.ROOT.resolve("models/camvid-small");
  private static final List<String> NAMES = List.of("shops", "street");

  /** By the name of the image. */
  private static final Map<String, LabelMap> LABELS = new HashMap<>();

  @TempDir private Path folder;
  private Path set;
  private Path config;

  @BeforeAll
  static void segment() throws IOException {
    try (Segmenter segmenter = Segmenter.load(MODEL)) {
      for (String name : NAMES) {
        BufferedImage image = ImageFiles.read(InProcess.ROOT.resolve("samples/" + name + ".jpg"));
        LABELS.put(name, segmenter.segment(image).labels());
      }
    }
  }

  @BeforeEach
  void writeData() throws IOException {
    set = folder.resolve("set");
    Path images = Files.createDirectories(set.resolve("images/test"));
    for (String name : NAMES) {
      Path image = InProcess.ROOT.resolve("samples/" + name + ".jpg");
      Files.copy(image, images.resolve(name + ".jpg"));
      ImageFiles.writePng(
          LABELS.get(name).toImage(), set.resolve("annotations/test/" + name + ".png"));
    }
    config =
        write(
            "set.yaml",
            """
            type: camvid
            root: SET
            splits: {train: test, val: test, test: test}
            train_pipeline:
              - random_crop: {size: [100, 120]}
              - random_flip
            """);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text.replace("SET", set.toString()));
  }

  @Test
  void aModelAgreesWithItself() throws IOException {
    Run run =
        InProcess.run(
            "eval", MODEL, "--data", set, "--output", folder.resolve("out/a"), "--save-labels");
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
    assertThat(ImageFiles.read(folder.resolve("out/a/confusion.png")).getWidth())
        .isGreaterThan(300);
    for (String name : NAMES) {
      assertThat(LabelMap.read(folder.resolve("out/a/labels/" + name + ".png")).labels())
          .isEqualTo(LabelMap.read(set.resolve("annotations/test/" + name + ".png")).labels());
    }
  }

  /** Of one image: each has many windows, at every size and mirrored. */
  @Test
  void windowsAndAugmentation() throws IOException {
    Files.delete(set.resolve("images/test/" + NAMES.getLast() + ".jpg"));
    Run run =
        InProcess.run(
            "eval",
            MODEL,
            "--data",
            config,
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
  void badImagesStopOrAreSkipped() throws IOException {
    Path bad = set.resolve("images/test/shops.jpg");
    Files.write(bad, new byte[] {1, 2, 3});
    Run stopped = InProcess.run("eval", MODEL, "--data", set);
    assertThat(stopped.code()).isEqualTo(2);
    assertThat(stopped.errorLines())
        .singleElement()
        .asString()
        .startsWith("s2f: " + set + "/images/test/shops.jpg: not an image");
    Run skipped = InProcess.run("eval", MODEL, "--data", set, "--on-bad-image", "skip");
    assertThat(skipped.code()).as(skipped.err()).isZero();
    assertThat(skipped.errorLines()).singleElement().asString().contains("shops.jpg", "; skipped");
    assertThat(skipped.out()).contains("1 images, 1 skipped", "aAcc 100.00");
  }

  @Test
  void wrongInputIsOneLine() throws IOException {
    Path odd = write("odd.yaml", "type: camvid\nroot: SET\npipeline: []\n");
    requireError(odd + ": line 3: pipeline: unknown key", "eval", MODEL, "--data", odd);
    requireError("none: no such file", "eval", MODEL, "--data", "none");
    requireError(
        set + "/images/val: no such folder of images",
        "eval",
        MODEL,
        "--data",
        set,
        "--split",
        "val");
    Path voc = write("voc.yaml", "type: folder\nroot: SET\nclasses: [a, b]\n");
    requireError(voc + ": the data have 2 classes, the model has 11", "eval", MODEL, "--data", voc);
    requireError(
        "--crop and --stride need --mode slide", "eval", MODEL, "--data", set, "--crop", "9,9");
  }

  @Test
  void aClusterNeedsItsModule() throws IOException {
    String module = "--cluster needs module cluster, which ./s2f builds on first use";
    requireError(module, "eval", MODEL, "--data", set, "--cluster", "local[1]");
    requireError("--conf goes with --cluster", "eval", MODEL, "--data", set, "--conf", "a=b");
    Run remote = InProcess.run("eval", MODEL, "--data", "hdfs://host/set");
    assertThat(remote.code()).isEqualTo(2);
    assertThat(remote.err()).contains("hdfs://host/set: readable with --cluster alone");
  }

  private void requireError(String message, Object... arguments) throws IOException {
    Run run = InProcess.run(arguments);
    assertThat(run.code()).as(run.out()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().startsWith("s2f: " + message);
  }

  @Test
  void aSplitWithoutClassesSaysSo() throws IOException {
    for (String name : NAMES) {
      byte[] labels = new byte[180 * 240];
      Arrays.fill(labels, (byte) 255);
      ImageFiles.writePng(
          new LabelMap(180, 240, labels).toImage(),
          set.resolve("annotations/test/" + name + ".png"));
    }
    Run run = InProcess.run("eval", MODEL, "--data", set);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("mIoU -", "no pixel of folder test has a class");
  }

  @Test
  void checkCountsAndFindsTheFirstBadFile() throws IOException {
    Run good = InProcess.run("data", "check", config);
    assertThat(good.code()).as(good.err()).isZero();
    assertThat(good.out())
        .contains(
            "camvid train: 2 images",
            "sizes: 240x180 (2 images)",
            "3 road",
            "in 2 images",
            "pixels without class: 0; images without any class: 0",
            "camvid test: the same as train");
    Run named = InProcess.run("data", "check", "camvid", "--root", set, "--split", "test");
    assertThat(named.code()).as(named.err()).isZero();
    assertThat(named.out()).contains("camvid test: 2 images");
    Path labels = set.resolve("annotations/test/street.png");
    ImageFiles.writePng(new LabelMap(180, 240, filled(11)).toImage(), labels);
    Run bad = InProcess.run("data", "check", config);
    assertThat(bad.code()).isEqualTo(1);
    assertThat(bad.errorLines())
        .containsExactly(
            "s2f: camvid train: 1 of 2 images cannot be used; the first: "
                + set
                + "/annotations/test/street.png: label 11 at x=0, y=0 is not one of the 11"
                + " classes");
  }

  private static byte[] filled(int label) {
    byte[] labels = new byte[180 * 240];
    Arrays.fill(labels, (byte) label);
    return labels;
  }

  @Test
  void showDrawsASheet() throws IOException {
    Path sheet = folder.resolve("sheet.png");
    Run run = InProcess.run("data", "show", config, "--count", "3", "-o", sheet);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo("camvid train: 3 samples → " + sheet + "\n");
    assertThat(ImageFiles.read(sheet).getWidth()).isEqualTo(3 * 256 + 8);
    byte[] first = Files.readAllBytes(sheet);
    InProcess.run("data", "show", config, "--count", "3", "-o", sheet);
    assertThat(Files.readAllBytes(sheet)).isEqualTo(first);
  }
}
