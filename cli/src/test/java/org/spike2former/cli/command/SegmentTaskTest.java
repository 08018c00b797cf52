package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;
import org.spike2former.data.coco.CocoId;
import org.spike2former.data.coco.CocoPanoptic;
import org.spike2former.data.mask.Rle;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;

/** {@code s2f segment --task}, with the bundled model, some of whose classes are called things. */
class SegmentTaskTest {
  private static final Path STREET = InProcess.ROOT.resolve("samples/street.jpg");
  private static final Path BUNDLED = InProcess.ROOT.resolve("models/camvid-small");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path model;
  @TempDir private Path folder;

  @BeforeAll
  static void copyModel() throws IOException {
    for (String name : List.of("model.json", "preprocess.json", "weights.safetensors")) {
      Files.copy(BUNDLED.resolve(name), model.resolve(name));
    }
    ObjectNode classes = (ObjectNode) JSON.readTree(BUNDLED.resolve("classes.json").toFile());
    classes.putArray("things").add("sky").add("building");
    JSON.writeValue(model.resolve("classes.json").toFile(), classes);
  }

  private Run segment(Object... options) {
    List<Object> arguments = new ArrayList<>(List.of("segment", STREET, "-m", model));
    arguments.addAll(List.of("-o", folder));
    arguments.addAll(List.of(options));
    return InProcess.run(arguments.toArray());
  }

  private static List<String> names(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void panopticFilesAreThoseOfCoco() throws IOException {
    Run run = segment("--task", "panoptic");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.errorLines()).isEmpty();
    assertThat(run.out())
        .contains("street.jpg  240×180", "building 1", "road")
        .contains("street-overlay.png, ", "street-panoptic.png, ", "street-segments.json\n");
    assertThat(names(folder))
        .containsExactly("street-overlay.png", "street-panoptic.png", "street-segments.json");
    CocoPanoptic read = CocoPanoptic.read(folder.resolve("street-segments.json"), folder);
    PanopticMap map = read.map(CocoId.of("street"));
    assertThat(List.of(map.height(), map.width())).containsExactly(180, 240);
    assertThat(map.segments()).hasSizeGreaterThan(2);
    for (Segment segment : map.segments()) {
      assertThat(segment.id() % 1000).isEqualTo(segment.category());
      assertThat(segment.id() >= 1000).isEqualTo(segment.category() < 2);
      assertThat(segment.area()).isEqualTo((int) map.mask(segment.id()).area());
    }
    JsonNode info =
        JSON.readTree(folder.resolve("street-segments.json").toFile())
            .at("/annotations/0/segments_info/0");
    assertThat(info.get("score").asDouble()).isBetween(0.8, 1.0);
    assertThat(info.get("iscrowd").asInt()).isZero();
    assertThat(info.get("name").asText()).isNotEmpty();
    assertThat(info.get("bbox")).hasSize(4);
    BufferedImage overlay = ImageIO.read(folder.resolve("street-overlay.png").toFile());
    assertThat(overlay.getWidth()).isEqualTo(720);
    assertThat(overlay.getHeight()).as("the legend is below").isGreaterThan(540);
  }

  @Test
  void instancesAreACocoResultFile() throws IOException {
    Run run = segment("--task", "instance", "--max-per-image", "30");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(names(folder)).containsExactly("street-instances.json", "street-overlay.png");
    JsonNode list = JSON.readTree(folder.resolve("street-instances.json").toFile());
    assertThat(list).hasSizeBetween(2, 30);
    for (JsonNode instance : list) {
      assertThat(instance.get("image_id").asText()).isEqualTo("street");
      assertThat(instance.get("category_id").asInt()).isBetween(0, 1);
      assertThat(instance.get("score").asDouble()).isBetween(0.0, 1.0);
      JsonNode runs = instance.get("segmentation");
      assertThat(runs.get("size")).hasToString("[180,240]");
      Rle mask = Rle.of(180, 240, runs.get("counts").asText());
      assertThat(instance.get("bbox").get(2).asInt()).isEqualTo(mask.box().width());
    }
  }

  @Test
  void reportsAreJsonToo() throws IOException {
    Run run = segment("--task", "panoptic", "--json", "--digest", "--filter-low-score");
    JsonNode report = JSON.readTree(run.out()).get(0);
    assertThat(report.get("segments").get(0).get("name").asText()).isNotEmpty();
    assertThat(report.get("digest").asText()).hasSize(64);
    assertThat(report.get("panoptic").asText()).endsWith("street-panoptic.png");
    assertThat(report.get("segments_json").asText()).endsWith("street-segments.json");
    assertThat(report.has("labels_digest")).isFalse();
    JsonNode instances = JSON.readTree(segment("--task", "instance", "--json").out()).get(0);
    assertThat(instances.get("instances").get(0).get("area").asInt()).isNotNegative();
  }

  @ParameterizedTest
  @ValueSource(strings = {"panoptic", "instance"})
  void digestsDependOnPrecisionAndWeightsAlone(String task) {
    String usual = digest(task);
    assertThat(digest(task, "--threads", "1", "--backend", "scalar")).isEqualTo(usual);
    String doubles = digest(task, "--precision", "f64");
    String integers = digest(task, "--precision", "f64", "--arithmetic", "integer");
    assertThat(digest(task, "--precision", "f64", "--arithmetic", "spikes", "--count"))
        .isEqualTo(integers);
    String int8 = digest(task, "--weights", "int8");
    assertThat(Stream.of(usual, doubles, int8).distinct()).hasSize(3);
  }

  private String digest(String task, Object... options) {
    List<Object> all = new ArrayList<>(List.of("--task", task, "--digest"));
    all.addAll(List.of(options));
    Run run = segment(all.toArray());
    assertThat(run.code()).as(run.err()).isZero();
    Matcher digest = Pattern.compile("  digest ([0-9a-f]{64})\n").matcher(run.out());
    assertThat(digest.find()).as(run.out()).isTrue();
    return digest.group(1);
  }

  @Test
  void limitsLeaveSegmentsOut() {
    assertThat(segment("--task", "panoptic", "--object-mask-thr", "1").out())
        .doesNotContain("road", "building");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          panoptic | --object-mask-thr | 1.5 | --object-mask-thr: expected a number from 0 to 1
          panoptic | --iou-thr | NaN | --iou-thr: expected a number from 0 to 1, found NaN
          instance | --max-per-image | 0 | --max-per-image: expected an integer from 1 to 1000000
          instance | --iou-thr | 0.5 | --filter-low-score go with task panoptic
          semantic | --iou-thr | 0.5 | --filter-low-score go with task panoptic
          panoptic | --max-per-image | 5 | --max-per-image goes with task instance
          """)
  void limitsAreChecked(String task, String option, String value, String message)
      throws IOException {
    Run run = segment("--task", task, option, value);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().contains(message);
    assertThat(names(folder)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"panoptic", "instance"})
  void aSemanticModelIsRefused(String task) throws IOException {
    Path out = folder.resolve("out");
    Run run = InProcess.run("segment", STREET, "--task", task, "-o", out);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines())
        .singleElement()
        .asString()
        .endsWith("classes.json: names no things, so this model does semantic segmentation alone");
    assertThat(out).doesNotExist();
  }

  @Test
  void inputsAreKept() throws IOException {
    Path picture = folder.resolve("street-panoptic.png");
    Files.copy(STREET, picture);
    Run run =
        InProcess.run("segment", STREET, picture, "-m", model, "-o", folder, "--task", "panoptic");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("an input that the results of");
  }

  @Test
  void infoSaysWhatAModelCanDo() {
    assertThat(InProcess.run("info", model).out())
        .contains("tasks: semantic, panoptic, instance (2 of 11 classes are things)\n");
    assertThat(InProcess.run("info", BUNDLED).out()).contains("tasks: semantic\n");
  }
}
