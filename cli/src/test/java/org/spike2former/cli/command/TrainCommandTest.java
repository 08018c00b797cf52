package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;
import org.spike2former.cli.TinyData;

class TrainCommandTest {
  @TempDir private Path folder;
  private Path tiny;

  @BeforeEach
  void write() throws IOException {
    tiny = TinyData.write(folder);
  }

  @Test
  void aRunGivesAModelToSegmentWith() throws Exception {
    Run run = InProcess.run("train", tiny, "--set", "train.iterations=3");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.errorLines()).isEmpty();
    assertThat(run.out()).contains("step 3/3  loss ", " img/s  ETA 0:00:00", "mIoU ");
    assertThat(folder.resolve("run/config.yaml")).content().contains("iterations: 3");
    for (String plot : List.of("loss.png", "lr.png", "miou.png")) {
      assertThat(folder.resolve("run").resolve(plot)).isNotEmptyFile();
    }
    Run segment =
        InProcess.run(
            "segment",
            "-m",
            folder.resolve("run/best"),
            folder.resolve("data/images/val/0.png"),
            "-o",
            folder);
    assertThat(segment.code()).as(segment.err()).isZero();
  }

  /** Trained with a surrogate gradient; every command takes the model. */
  @Test
  void binaryNeuronsRunThroughEveryCommand() throws Exception {
    String neuron = "neuron={type: lif, threshold: 0.75}";
    Run run =
        InProcess.run(
            "train",
            tiny,
            "--set",
            "model.backbone." + neuron,
            "model.head." + neuron,
            "model.backbone.time_steps=2",
            "train.iterations=3");
    assertThat(run.code()).as(run.err()).isZero();
    Path model = folder.resolve("run/last");
    Path image = folder.resolve("data/images/val/0.png");
    for (String option :
        List.of(
            "--arithmetic=plain",
            "--arithmetic=integer",
            "--arithmetic=spikes",
            "--weights=int8",
            "--precision=f64")) {
      Run segment = InProcess.run("segment", "-m", model, image, "-o", folder, option);
      assertThat(segment.code()).as(option + segment.err()).isZero();
    }
    Run info = InProcess.run("info", model);
    assertThat(info.out())
        .contains("preset: none, constants of its own", "type: lif", "threshold: 0.75");
    JsonNode firing =
        new ObjectMapper()
            .readTree(InProcess.run("firing", model, "--data", image, "--json").out());
    assertThat(firing.get("layers"))
        .allSatisfy(
            layer -> {
              assertThat(layer.get("max_spikes").asInt()).isEqualTo(1);
              assertThat(layer.get("histogram")).hasSize(2);
              assertThat(layer.get("rate").asDouble()).isBetween(0.0, 1.0);
            });
    Run cost = InProcess.run("cost", model, "--data", image);
    assertThat(cost.code()).as(cost.err()).isZero();
    assertThat(cost.out()).contains("mJ");
  }

  /** The README's example: a named training, own images, six classes. */
  @Test
  void ownDataNeedThreeLines() throws Exception {
    Path own =
        Files.writeString(
            folder.resolve("mine.yaml"),
            """
            base: camvid-small
            data: {type: folder, root: DATA, classes: [ground, square, a, b, c, d], label_dir: "labels/{split}"}
            output: RUN
            """
                .replace("DATA", folder.resolve("data").toString())
                .replace("RUN", folder.resolve("six").toString()));
    Run run =
        InProcess.run("train", own, "--set", "train.iterations=1", "train.batch=1", "schedule=");
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode classes =
        new ObjectMapper().readTree(folder.resolve("six/best/classes.json").toFile());
    assertThat(classes.get("names")).hasSize(6);
    JsonNode model = new ObjectMapper().readTree(folder.resolve("six/best/model.json").toFile());
    assertThat(model.at("/head/classes").asInt()).isEqualTo(6);
    assertThat(model.at("/backbone/embed_dims/3").asInt()).isEqualTo(160);
  }

  @Test
  void aHeadThatCannotFireIsOneLine() throws Exception {
    refused(
        tiny + ": model.head.neuron.threshold: expected less than 1.0, which membranes",
        "--set",
        "model.head.neuron={type: lif}");
  }

  @Test
  void wrongConfigurationsAreOneLine() throws Exception {
    refused(tiny + ": train.batches: unknown key", "--set", "train.batches=3");
    refused("nowhere: no such folder", "--set", "data.root=nowhere");
    Path none = folder.resolve("none.yaml");
    Run run = InProcess.run("train", none);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).containsExactly("s2f: " + none + ": no such file");
  }

  private void refused(String message, String... options) throws Exception {
    Run run = InProcess.run("train", tiny, options[0], options[1]);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).hasSize(1);
    assertThat(run.errorLines().get(0)).startsWith("s2f: " + message);
  }

  @Test
  void aLossThatIsNotANumberIsOneLine() throws Exception {
    Run run = InProcess.run("train", tiny, "--set", "loss.scale=1e38", "train.iterations=20");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.errorLines()).hasSize(1);
    assertThat(run.errorLines().get(0)).startsWith("s2f: step ").contains("the loss is ");
  }
}
