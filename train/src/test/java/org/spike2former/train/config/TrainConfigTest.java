package org.spike2former.train.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.train.TinyRun;
import org.spike2former.train.optimiser.AdamWConfig;

class TrainConfigTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void prepare() throws IOException {
    file = TinyRun.prepare(folder);
  }

  @Test
  void valuesAndDefaultsAreRead() throws IOException {
    TrainConfig config = TinyRun.config(file);
    assertThat(config.loop().iterations()).isEqualTo(8);
    assertThat(config.loop().keep()).isEqualTo(2);
    assertThat(config.loop().evalSplit()).isEqualTo("val");
    assertThat(config.optimizer().betas()).containsExactly(0.9, 0.999);
    assertThat(config.loss().scale()).isEqualTo(2);
    assertThat(config.loss().maskWeight()).isEqualTo(20);
    assertThat(config.model().head().classes()).isEqualTo(3);
  }

  @Test
  void overridesReachAnyDepth() throws IOException {
    TrainConfig config =
        TinyRun.config(file, "train.iterations=5", "optimizer.betas=[0.8, 0.9]", "schedule.end=9");
    assertThat(config.loop().iterations()).isEqualTo(5);
    assertThat(config.optimizer().betas()).containsExactly(0.8, 0.9);
    assertThat(config.schedule().end()).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          train.iteration=5          | train.iteration: unknown key; known are accumulate, batch,
          foo=1                      | foo: unknown key; known are data, init, loss, model, optimizer,
          optimizer.foo=1            | optimizer.foo: unknown key; known are betas, clip,
          data.foo=1                 | data.foo: unknown key
          train.batch=0              | train.batch: expected an integer from 1 to 4096, found 0
          train.batch=two            | train.batch: expected an integer from 1 to 4096, found "two"
          train.batch=2.5            | train.batch: expected an integer from 1 to 4096, found 2.5
          train.iterations=          | train.iterations: missing
          train.keep=1               | train.keep: expected an integer from 2
          train.precision=f16        | train.precision: expected f32 | f64, found f16
          train.freeze_norms=['(']   | train.freeze_norms[0]: (: Unclosed group
          optimizer.lr=-1            | optimizer.lr: expected a number above 0
          optimizer.groups=[{}]      | optimizer.groups[0].pattern: missing
          schedule.end=1             | schedule.end: expected a step after the warm-up, found 1
          schedule={steps: [5, 5]}   | schedule.steps[1]: expected a later step than before, found 5
          schedule.steps=[4]         | schedule.power: does not go with steps
          schedule.step_factor=0.5   | schedule.step_factor: needs steps, which is missing
          init.scheme=zeros          | init.scheme: expected he | release, found zeros
          init.strict=true           | init.strict: needs weights, which is missing
          model=nothing              | model: nothing is neither a file nor a name in
          model.head.classes=4       | model has 4 classes, the data set 3
          model.head.foo=4           | model.head.foo: unknown key
          data=nothing               | data: nothing is neither a file nor a name in
          output=                    | output: missing
          """)
  void errorsNameTheFileAndTheKey(String override, String message) {
    assertThatThrownBy(() -> TinyRun.config(file, override))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void anOverrideNeedsAnEqualsSign() {
    assertThatThrownBy(() -> TinyRun.config(file, "train.batch"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--set train.batch: expected key=value");
    assertThatThrownBy(() -> TinyRun.config(file, "train.batch.size=3"))
        .hasMessage("--set train.batch.size=3: batch holds no keys");
  }

  @Test
  void aFileThatIsNotYamlIsNamed() throws IOException {
    Files.writeString(file, "train: {iterations: 3");
    assertThatThrownBy(() -> TinyRun.config(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": not YAML: line 1: ");
    assertThatThrownBy(() -> TinyRun.config(folder.resolve("none.yaml")))
        .hasMessage(folder.resolve("none.yaml") + ": no such file");
  }

  @Test
  void anAliasIsNoText() throws IOException {
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("output: .*", "output: *out"));
    int line = (int) text.lines().takeWhile(l -> !l.startsWith("output")).count() + 1;
    assertThatThrownBy(() -> TinyRun.config(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": line " + line + ": the alias *out is not resolved");
    Files.writeString(file, text);
    assertThatThrownBy(() -> TinyRun.config(file, "output=*out"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("--set output=*out: line 1: the alias *out is not resolved");
    assertThatThrownBy(() -> TinyRun.config(file, "output=!!python/name:x y"))
        .hasMessageContaining("the tag !!python/name:x is not read");
  }

  @Test
  void twiceTheSameKeyIsRefused() throws IOException {
    Files.writeString(file, "train: {batch: 3}\ntrain: {batch: 4}\n");
    assertThatThrownBy(() -> TinyRun.config(file)).hasMessageContaining("train");
  }

  @Test
  void decayAndRateFollowNames() throws IOException {
    TrainConfig config =
        TinyRun.config(
            file,
            "optimizer.groups=[{pattern: ^backbone, lr_factor: 0.1},"
                + " {pattern: query_, decay_factor: 0}]");
    AdamWConfig adamW = config.optimizer();
    ParameterSet parameters = new Spike2Former(config.model()).parameters();
    assertThat(adamW.group("backbone.downsample1_1.encode_conv.weight").lrFactor()).isEqualTo(0.1);
    assertThat(decay(adamW, parameters, "backbone.downsample1_1.encode_conv.weight")).isEqualTo(1);
    assertThat(decay(adamW, parameters, "backbone.downsample1_1.encode_conv.bias")).isZero();
    assertThat(decay(adamW, parameters, "decode_head.query_feat.weight")).isZero();
    assertThat(decay(adamW, parameters, "decode_head.w")).isZero();
    assertThat(decay(adamW, parameters, "decode_head.mask_embed.fc1.weight")).isEqualTo(1);
  }

  private static double decay(AdamWConfig adamW, ParameterSet parameters, String name) {
    return adamW.decayFactor(parameters.get(name));
  }

  /** Every published configuration is complete. */
  @Test
  void theProjectsConfigurationsAreRead() throws IOException {
    Path configs = Path.of("../configs");
    try (java.util.stream.Stream<Path> files = Files.list(configs)) {
      List<Path> all = files.filter(f -> f.toString().endsWith(".yaml")).toList();
      assertThat(all).hasSizeGreaterThanOrEqualTo(10);
      for (Path config : all) {
        TrainConfig read = TrainConfig.read(config, List.of(), configs);
        assertThat(read.output())
            .isEqualTo(Path.of("runs", config.getFileName().toString().replace(".yaml", "")));
      }
    }
  }

  private Path base(String text) throws IOException {
    return Files.writeString(folder.resolve("own.yaml"), "base: tiny.yaml\n" + text);
  }

  /** A file that builds on the tiny one, which has a network of 3 classes under a name too. */
  private TrainConfig read(String text, String... overrides) throws IOException {
    Path models = Files.createDirectories(folder.resolve("configs/models"));
    Files.writeString(models.resolve("net.json"), TinyRun.config(file).model().toJson());
    return TrainConfig.read(base(text), List.of(overrides), folder.resolve("configs"));
  }

  @Test
  void theNumberOfClassesIsThatOfTheDataWhereNothingIsSaid() throws IOException {
    String two = "data: {classes: [ground, other]}\n";
    assertThat(read(two + "model: net").model().head().classes()).isEqualTo(2);
    TrainConfig keyed = read(two + "model: {base: net, transformer_decoder: {queries: 5}}");
    assertThat(keyed.model().head().classes()).isEqualTo(2);
    assertThat(keyed.model().transformerDecoder().queries()).isEqualTo(5);
    assertThat(keyed.tree().at("/model/head/classes").asInt()).isEqualTo(2);
    assertThat(read("model: net", "data.classes=[a, b]").model().head().classes()).isEqualTo(2);
    assertThat(read(two, "model.head.classes=").model().head().classes()).isEqualTo(2);
    assertThatThrownBy(() -> read(two + "model: {base: net, head: {classes: 3}}"))
        .hasMessageContaining(
            "own.yaml: line 3: model.head.classes: model has 3 classes, the data set 2");
    assertThatThrownBy(() -> read(two)).hasMessageContaining("model has 3 classes, the data set 2");
  }

  @Test
  void aNamedNetworkIsOverriddenKeyByKey() throws IOException {
    TrainConfig config = read("model: net", "model.head.alpha=2", "model.head.classes=3");
    assertThat(config.model().head().alpha()).isEqualTo(2);
    assertThat(config.model().backbone()).isEqualTo(TinyRun.config(file).model().backbone());
    assertThat(read("model: net").tree().get("model").textValue()).isEqualTo("net");
    assertThatThrownBy(() -> read("model: net", "model.head.alhpa=2"))
        .hasMessageContaining("model.head.alhpa: unknown key")
        .hasMessageEndingWith("did you mean alpha?");
  }

  /** What a run keeps needs none of the files that it was built on. */
  @Test
  void whatIsKeptIsWhole() throws IOException {
    TrainConfig config = read("model: {base: net, head: {alpha: 2}}", "output.tensorboard=true");
    Path kept = Files.write(folder.resolve("kept.yaml"), ConfigTree.write(config.tree()));
    Path elsewhere = folder.resolve("nowhere");
    assertThat(TrainConfig.read(kept, List.of(), elsewhere).keys()).isEqualTo(config.keys());
    assertThat(config.tensorboard()).isTrue();
    assertThat(config.output()).isEqualTo(folder.resolve("run"));
  }

  /** What a user meets who takes a number for a list, a word for a number, and so on. */
  @Test
  void everyKeySpeaksOfItselfWhenItsValueIsWrong() throws IOException {
    JsonNode all = ConfigTree.tree(TinyRun.config(file).keys());
    List<String> keys = new ArrayList<>();
    collect("", all, keys);
    assertThat(keys).hasSizeGreaterThan(60).contains("optimizer.betas", "model.head.neuron.norm");
    int refused = 0;
    for (String key : keys) {
      for (String value : List.of("three", "1.5", "true", "-7", "[1, {a: b}]", "{a: b}", "[[]]")) {
        try {
          TinyRun.config(file, key + "=" + value);
        } catch (IOException | IllegalArgumentException e) {
          refused++;
          assertThat(e).as(key + "=" + value).isInstanceOf(IOException.class);
          assertThat(e.getMessage())
              .startsWith(file + ": " + key.substring(0, key.indexOf('.')))
              .doesNotContainPattern("(?i)java|jackson|spike2former\\.|deserial|token|instance of");
        }
      }
      String misspelt = key + "x";
      assertThatThrownBy(() -> TinyRun.config(file, misspelt + "=1"))
          .as(misspelt)
          .hasMessageStartingWith(file + ": " + misspelt + ": unknown key; known are ")
          .hasMessageContaining("; did you mean " + key.substring(key.lastIndexOf('.') + 1) + "?");
    }
    assertThat(refused).isGreaterThan(300);
  }

  /** Keys of which items are not objects; not of names in lists. */
  private static void collect(String path, JsonNode node, List<String> keys) {
    node.properties()
        .forEach(
            entry -> {
              String key = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
              if (entry.getValue().isObject()) {
                collect(key, entry.getValue(), keys);
              } else {
                keys.add(key);
              }
            });
  }
}
