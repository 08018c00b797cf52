package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;

/**
 * {@code s2f eval} of segments and instances: on a photo whose ground truth is what the model found
 * in it.
 */
class EvalTaskTest {
  private static final Path STREET = InProcess.ROOT.resolve("samples/street.jpg");
  private static final Path BUNDLED = InProcess.ROOT.resolve("models/camvid");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static Path model;
  private static Path config;

  @BeforeAll
  static void segment() throws IOException {
    model = Files.createDirectory(folder.resolve("model"));
    for (String name : List.of("model.json", "preprocess.json", "weights.safetensors")) {
      Files.copy(BUNDLED.resolve(name), model.resolve(name));
    }
    ObjectNode classes = (ObjectNode) JSON.readTree(BUNDLED.resolve("classes.json").toFile());
    classes.putArray("things").add("sky").add("building");
    JSON.writeValue(model.resolve("classes.json").toFile(), classes);
    Path set = folder.resolve("set");
    Path segments = Files.createDirectories(set.resolve("annotations/panoptic_test"));
    Run run = InProcess.run("segment", STREET, "-m", model, "-o", segments, "--task", "panoptic");
    assertThat(run.code()).as(run.err()).isZero();
    Files.delete(segments.resolve("street-overlay.png"));
    Files.move(
        segments.resolve("street-segments.json"), set.resolve("annotations/panoptic_test.json"));
    Files.copy(STREET, Files.createDirectories(set.resolve("images")).resolve("street.jpg"));
    config =
        Files.writeString(
            folder.resolve("set.yaml"),
            String.join(
                "\n",
                "type: folder-panoptic",
                "root: " + set,
                "image_dir: images",
                "annotations: annotations/panoptic_{split}.json",
                "classes: " + model.resolve("classes.json"),
                ""));
  }

  private static Run eval(Object... options) {
    List<Object> arguments = new ArrayList<>(List.of("eval", model, "--data", config));
    arguments.addAll(List.of(options));
    return InProcess.run(arguments.toArray());
  }

  @Test
  void aModelAgreesWithItself() throws IOException {
    Path out = folder.resolve("out");
    Run run = eval("-o", out);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("building +100\\.00 +100\\.00 +100\\.00 +[1-9] +0 +0\n")
        .containsPattern("all +100\\.00 +100\\.00 +100\\.00 +\\d+\n")
        .containsPattern("things +100\\.00 +100\\.00 +100\\.00 +\\d+\n")
        .contains("1 images, whole");
    JsonNode report = JSON.readTree(out.resolve("metrics.json").toFile());
    assertThat(report.get("task").asText()).isEqualTo("panoptic");
    assertThat(report.at("/summary/all/PQ").asDouble()).isEqualTo(100);
    assertThat(report.at("/per_class/building/TP").asInt()).isPositive();
    assertThat(Files.readString(out.resolve("per-class.csv")))
        .startsWith("class,PQ,SQ,RQ,TP,FP,FN\n");
    JsonNode printed = JSON.readTree(eval("--json").out());
    assertThat(printed.get("summary")).isEqualTo(report.get("summary"));
  }

  @Test
  void limitsCount() throws IOException {
    JsonNode report = JSON.readTree(eval("--json", "--object-mask-thr", "1").out());
    assertThat(report.at("/summary/all/PQ").asDouble()).isZero();
    assertThat(report.at("/per_class/building/FN").asInt()).isPositive();
  }

  @Test
  void masksHaveAPrecision() throws IOException {
    Path out = folder.resolve("instances");
    Run run = eval("--task", "instance", "-o", out);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("AP50", "AR large", "building").doesNotContain("road");
    JsonNode report = JSON.readTree(out.resolve("metrics.json").toFile());
    assertThat(report.at("/summary/AP50").asDouble()).isBetween(1.0, 100.0);
    assertThat(report.at("/per_class/building/AP").asDouble()).isBetween(1.0, 100.0);
    assertThat(Files.readString(out.resolve("per-class.csv"))).startsWith("class,AP\nsky,");
  }

  @Test
  void classesOfSegmentsAreJudgedToo() {
    Run run = eval("--task", "semantic");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("mIoU");
  }

  @ParameterizedTest
  @CsvSource({
    "panoptic, --tta",
    "instance, --tta",
    "panoptic, --mode=slide",
    "panoptic, --save-labels",
    "panoptic, --max-per-image=7",
    "semantic, --iou-thr=0.5"
  })
  void whatDoesNotFitTheTaskIsRefused(String task, String option) {
    Run run = eval("--task", task, option, "-o", folder.resolve("none"));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().contains("task ");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void modelAndDataMustTellThingsApart() {
    Run run = InProcess.run("eval", BUNDLED, "--data", config);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines())
        .last()
        .asString()
        .contains("classes.json: names no things, so this model does semantic segmentation alone");
  }
}
