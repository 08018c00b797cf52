package org.spike2former.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.model.Segmenter;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.weights.WeightsException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.Safetensors;
import org.spike2former.train.TinyRun.Recorder;
import org.spike2former.train.run.Checkpoints;

class TrainerTest {
  @TempDir private Path folder;
  private Path config;
  private final Recorder recorder = new Recorder();

  @BeforeEach
  void prepare() throws IOException {
    config = TinyRun.prepare(folder);
  }

  /** What a killed process leaves: nothing is closed, no checkpoint is written. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private Path run(String output, boolean resume, String... overrides)
      throws IOException, TrainingException {
    Path path = folder.resolve(output);
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("output=" + path);
    try (Trainer trainer =
        new Trainer(TinyRun.config(config, all.toArray(String[]::new)), recorder)) {
      trainer.run(resume);
    }
    return path;
  }

  /** Padding is without class as well, whatever the files call that. */
  @Test
  void anyLabelMayBeIgnored() throws Exception {
    String[] few = {"train.iterations=2", "train.eval_every=2"};
    String pad = "data.train_pipeline=[{pad: {size: [72, 80]}}]";
    for (int ignore : new int[] {250, 0}) {
      TinyRun.fill(folder, "train", ignore);
      Path run = run("ignore" + ignore, false, few[0], few[1], pad, "data.ignore=" + ignore);
      assertThat(recorder.steps.get(recorder.steps.size() - 1).loss()).isFinite();
      assertThat(
              new ObjectMapper()
                  .readTree(run.resolve("last/classes.json").toFile())
                  .get("ignore_index")
                  .asInt())
          .isEqualTo(ignore);
    }
  }

  private void killAfter(int steps) {
    int target = recorder.steps.size() + steps;
    recorder.afterStep =
        () -> {
          if (recorder.steps.size() == target) {
            recorder.afterStep = () -> {};
            throw new Killed();
          }
        };
  }

  private static TrainingState last(Path output) throws IOException {
    return new Checkpoints(output.resolve("checkpoints"), 2)
        .latest(line -> assertThat(line).isNull());
  }

  private static void assertSameState(Path found, Path expected) throws IOException {
    TrainingState a = last(found);
    TrainingState b = last(expected);
    assertThat(a.step()).isEqualTo(b.step());
    assertThat(a.bestQuality()).isEqualTo(Double.valueOf(b.bestQuality()));
    assertThat(a.bestStep()).isEqualTo(b.bestStep());
    assertSameTensors(a.weights(), b.weights());
    assertSameTensors(a.optimiser(), b.optimiser());
    assertSameTensors(a.ema(), b.ema());
  }

  private static void assertSameTensors(Map<String, Tensor> a, Map<String, Tensor> b) {
    assertThat(a.keySet()).isEqualTo(b.keySet());
    a.forEach((name, value) -> assertThat(value.bitEquals(b.get(name))).as(name).isTrue());
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

  @Test
  void aRunThatIsKilledTwiceEndsAsTheOneThatWasNot() throws Exception {
    Path whole = run("whole", false);
    assertThat(log(whole)).hasSize(8 + 2);
    Path killed = folder.resolve("killed");
    killAfter(2); // before the first checkpoint
    assertThatThrownBy(() -> run("killed", false)).isInstanceOf(Killed.class);
    killAfter(5); // between two checkpoints, after an evaluation
    assertThatThrownBy(() -> run("killed", true)).isInstanceOf(Killed.class);
    assertThat(last(killed).step()).isEqualTo(4);
    run("killed", true, "train.threads=2");
    assertSameState(killed, whole);
    assertThat(log(killed)).isEqualTo(log(whole));
    assertThat(killed.resolve("best/weights.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("best/weights.safetensors"));
    assertThat(killed.resolve("last/weights.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("last/weights.safetensors"));
  }

  @Test
  void threadsDoNotMatter() throws Exception {
    Path one = run("one", false, "train.iterations=3");
    Path two = run("two", false, "train.iterations=3", "train.threads=2", "data.loader.threads=2");
    assertSameState(two, one);
    assertThat(log(two)).isEqualTo(log(one));
  }

  @Test
  void aRunThatIsAskedToStopWritesACheckpointAndGoesOn() throws Exception {
    Path whole = run("whole", false);
    Path stopped = folder.resolve("stopped");
    try (Trainer trainer = new Trainer(TinyRun.config(config, "output=" + stopped), recorder)) {
      int target = recorder.steps.size() + 4;
      recorder.afterStep =
          () -> {
            if (recorder.steps.size() == target) {
              trainer.requestStop();
            }
          };
      trainer.run(false);
    }
    assertThat(last(stopped).step()).isEqualTo(4);
    assertThat(recorder.notices)
        .contains("stopped after step 4 of 8, before its evaluation; go on with --resume");
    run("stopped", true);
    assertSameState(stopped, whole);
  }

  @Test
  void aDamagedCheckpointCostsStepsOnly() throws Exception {
    Path whole = run("whole", false);
    Path damaged = folder.resolve("damaged");
    killAfter(7);
    assertThatThrownBy(() -> run("damaged", false)).isInstanceOf(Killed.class);
    Path newest = damaged.resolve("checkpoints/step-00000006.safetensors");
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length / 2] ^= 1;
    Files.write(newest, bytes);
    run("damaged", true);
    assertThat(recorder.notices).anyMatch(line -> line.startsWith(newest + ": is damaged"));
    assertSameState(damaged, whole);
  }

  @Test
  void theModelsCanBeUsed() throws Exception {
    Path output = run("whole", false);
    for (String name : List.of("best", "last")) {
      try (Segmenter segmenter = Segmenter.load(output.resolve(name))) {
        assertThat(segmenter.classes().names()).containsExactly("ground", "dark", "light");
      }
    }
    assertThat(output.resolve("loss.png")).isNotEmptyFile();
    assertThat(recorder.evaluations).containsExactly(4L, 8L);
  }

  @Test
  void trainingLowersTheLoss() throws Exception {
    run(
        "long",
        false,
        "train.iterations=60",
        "train.eval_every=0",
        "train.ema=0",
        "train.accumulate=1");
    double first = recorder.steps.subList(0, 10).stream().mapToDouble(StepReport::loss).sum();
    double last = recorder.steps.subList(50, 60).stream().mapToDouble(StepReport::loss).sum();
    assertThat(last).isLessThan(0.8 * first);
  }

  /** Those with a memory over two time steps. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 {type: i-lif, max_spikes: 4}",
        "2 {type: ni-lif, max_spikes: 4, norm: 1, decay: 0.5}",
        "2 {type: lif, threshold: 0.5}",
        "1 {type: lif, threshold: 0.5}",
        "2 {type: if, threshold: 0.75}",
      })
  void everyNeuronLearns(String stepsAndNeuron) throws Exception {
    String neuron = stepsAndNeuron.substring(2);
    Path output =
        run(
            "neurons",
            false,
            "model.backbone.time_steps=" + stepsAndNeuron.charAt(0),
            "model.backbone.neuron=" + neuron,
            "model.head.neuron=" + neuron,
            "train.iterations=60",
            "train.eval_every=0",
            "train.ema=0",
            "train.accumulate=1");
    double first = recorder.steps.subList(0, 10).stream().mapToDouble(StepReport::loss).sum();
    double last = recorder.steps.subList(50, 60).stream().mapToDouble(StepReport::loss).sum();
    assertThat(last).isLessThan(0.9 * first);
    ModelConfig exported = ModelConfig.read(output.resolve("last/model.json"));
    assertThat(exported).isEqualTo(TinyRun.config(output.resolve("config.yaml")).model());
  }

  @Test
  void frozenNormsKeepTheirStatistics() throws Exception {
    Path output = run("frozen", false, "train.iterations=2", "train.freeze_norms=[^backbone]");
    Map<String, Tensor> weights = last(output).weights();
    assertThat(weights.get("backbone.downsample1_1.encode_bn.running_mean").get(0)).isZero();
    assertThat(weights.get("backbone.downsample1_1.encode_bn.num_batches_tracked").get(0)).isZero();
    String head = "decode_head.pixel_decoder.encoder_in_proj.1.";
    assertThat(weights.get(head + "running_mean").get(0)).isNotZero();
    assertThat(weights.get(head + "num_batches_tracked").get(0)).isEqualTo(4);
  }

  @Test
  void aRunCanStartFromAModel() throws Exception {
    Path first = run("first", false, "train.iterations=2", "train.ema=0");
    Path second =
        run(
            "second",
            false,
            "train.iterations=1",
            "train.ema=0",
            "optimizer.lr=1e-30",
            "init.weights=" + first.resolve("last"));
    assertThat(recorder.notices)
        .anyMatch(line -> line.endsWith("last/weights.safetensors: 1,195 tensors taken"))
        .noneMatch(line -> line.contains("drawn"));
    String name = "decode_head.cls_embed.weight";
    assertThat(last(second).weights().get(name).bitEquals(last(first).weights().get(name)))
        .isTrue();
  }

  @Test
  void theClassifierFollowsTheNamesOfTheClasses() throws Exception {
    Path first = run("first", false, "train.iterations=1", "train.ema=0");
    String[] start = {"train.iterations=1", "train.ema=0", "optimizer.lr=1e-30"};
    String init = "init.weights=" + first.resolve("last");
    Map<String, Tensor> before = last(first).weights();
    Path turned =
        run(
            "turned",
            false,
            start[0],
            start[1],
            start[2],
            init,
            "data.classes=[light,ground,dark]");
    assertThat(recorder.notices).anyMatch(line -> line.contains("classes in another order"));
    Map<String, Tensor> after = last(turned).weights();
    int[] rows = {2, 0, 1, 3};
    for (String end : List.of("weight", "bias")) {
      Tensor was = before.get("decode_head.cls_embed." + end);
      Tensor is = after.get("decode_head.cls_embed." + end);
      int width = was.size() / rows.length;
      for (int i = 0; i < was.size(); i++) {
        assertThat(is.get(i)).isEqualTo(was.get(rows[i / width] * width + i % width));
      }
    }
    recorder.notices.clear();
    Path renamed =
        run("renamed", false, start[0], start[1], start[2], init, "data.classes=[ground,dark,red]");
    assertThat(recorder.notices)
        .anyMatch(line -> line.startsWith("warning: ") && line.contains("other names of classes"));
    String weight = "decode_head.cls_embed.weight";
    assertThat(last(renamed).weights().get(weight).bitEquals(before.get(weight))).isTrue();
  }

  @Test
  void aRunCanStartFromAModelOfOtherClasses() throws Exception {
    Path first = run("first", false, "train.iterations=1", "train.ema=0");
    Map<String, Tensor> state = new LinkedHashMap<>(last(first).weights());
    Map<String, Tensor> renamed = new LinkedHashMap<>();
    state.put("decode_head.cls_embed.weight", Tensor.of(new float[8 * 8], 8, 8));
    state.put("decode_head.cls_embed.bias", Tensor.of(new float[8], 8));
    state.forEach((name, value) -> renamed.put("model." + name, value));
    Path weights = folder.resolve("seven.safetensors");
    Safetensors.write(weights, renamed, Map.of());
    String[] start = {"train.iterations=1", "train.ema=0", "optimizer.lr=1e-30"};
    String init = "init.weights=" + weights;
    Path second = run("second", false, start[0], start[1], start[2], init);
    assertThat(recorder.notices)
        .anyMatch(line -> line.contains("prefix model. cut"))
        .anyMatch(
            line ->
                line.startsWith("of another number of classes and drawn at random:")
                    && line.contains("model.decode_head.cls_embed.bias: expected [4], found [8]"));
    String name = "decode_head.query_feat.weight";
    assertThat(last(second).weights().get(name).bitEquals(state.get(name))).isTrue();
    assertThat(last(second).weights().get("decode_head.cls_embed.weight").shape())
        .containsExactly(4, 8);
    assertThatThrownBy(() -> run("third", false, start[0], start[1], init, "init.strict=true"))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("another number of classes");
  }

  @Test
  void whichOfTwoNetworksStartsARunCanBeChosen() throws Exception {
    Path first = run("first", false, "train.iterations=1");
    TrainingState state = last(first);
    Map<String, Tensor> both = new LinkedHashMap<>(state.weights());
    state.ema().forEach((name, value) -> both.put("ema." + name, value));
    Path weights = folder.resolve("both.safetensors");
    Safetensors.write(weights, both, Map.of());
    Path second =
        run(
            "second",
            false,
            "train.iterations=1",
            "train.ema=0",
            "optimizer.lr=1e-30",
            "init.weights=" + weights,
            "init.weights_key=ema");
    String name = "decode_head.query_feat.weight";
    assertThat(last(second).weights().get(name).bitEquals(state.ema().get(name))).isTrue();
  }

  @Test
  void theAverageIsWhatIsExported() throws Exception {
    Path output = run("whole", false, "train.iterations=2");
    TrainingState state = last(output);
    String name = "decode_head.cls_embed.weight";
    assertThat(state.ema().get(name).bitEquals(state.weights().get(name))).isFalse();
    try (Safetensors exported = Safetensors.open(output.resolve("last/weights.safetensors"))) {
      assertThat(exported.read(name).bitEquals(state.ema().get(name))).isTrue();
    }
  }

  @Test
  void anExistingRunIsNotOverwritten() throws Exception {
    Path output = run("whole", false, "train.iterations=1");
    assertThatThrownBy(() -> run("whole", false))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            output
                + ": already holds a run, at step 1; go on with --resume, or choose another"
                + " output");
  }

  @Test
  void aChangedConfigurationIsNoticed() throws Exception {
    run("run", false, "train.iterations=1");
    run("run", true, "train.iterations=2", "train.threads=2");
    assertThat(recorder.notices).contains("not as before: train.iterations");
  }

  @Test
  void imagesWithoutLabelsAreTrainedOn() throws Exception {
    TinyRun.fill(folder, "train", 255);
    Path output = run("ignored", false, "train.iterations=2");
    assertThat(last(output).step()).isEqualTo(2);
    assertThat(recorder.steps).allMatch(s -> s.loss() > 0 && s.mask() == 0 && s.dice() == 0);
  }

  @Test
  void aLossThatIsNotANumberEndsTheRunWithItsLastCheckpoint() throws Exception {
    assertThatThrownBy(
            () ->
                run(
                    "nan",
                    false,
                    "optimizer.lr=10",
                    "optimizer.clip=0",
                    "loss.scale=1e30",
                    "train.iterations=50",
                    "train.checkpoint_every=1"))
        .isInstanceOf(TrainingException.class)
        .hasMessageMatching(
            "step \\d+: the loss is .*; images .*; (the last checkpoint is that of step \\d+"
                + "|there is no checkpoint yet)");
  }

  /** A folder in the place of the file stands for a disk that cannot be written. */
  @Test
  void aCheckpointThatCannotBeWrittenEndsTheRunWithALine() throws Exception {
    Path file = folder.resolve("full/checkpoints/step-00000006.safetensors");
    recorder.afterStep =
        () -> {
          if (recorder.steps.size() == 5) {
            file.resolve("inside").toFile().mkdirs();
          }
        };
    assertThatThrownBy(() -> run("full", false))
        .isInstanceOf(IOException.class)
        .hasMessage(
            file
                + ": is a folder, so no file can be written there; the run ends after step 6,"
                + " the last checkpoint is that of step 4");
  }

  @Test
  void aDamagedImageIsNamedOrSkipped() throws Exception {
    Path image = folder.resolve("data/images/train/2.png");
    Files.write(image, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> run("fail", false, "train.eval_every=0"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(image.toString());
    Path output = run("skip", false, "data.loader.on_bad_image=skip", "train.iterations=3");
    assertThat(last(output).step()).isEqualTo(3);
  }
}
