package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.spike2former.cli.Main;
import org.spike2former.cli.report.ConfigSchema;
import org.spike2former.train.config.TrainConfig;

class ConfigCommandTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path CONFIGS = ROOT.resolve("configs");

  @TempDir private Path folder;

  /** What a command printed, after its exit code. */
  private static String run(Object... arguments) {
    String formerHome = System.setProperty("s2f.home", ROOT.toString());
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    try (PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(print);
      System.setErr(print);
      int code = Main.run(words);
      return code + "\n" + bytes.toString(StandardCharsets.UTF_8);
    } finally {
      System.setOut(out);
      System.setErr(err);
      if (formerHome == null) {
        System.clearProperty("s2f.home");
      } else {
        System.setProperty("s2f.home", formerHome);
      }
    }
  }

  private static List<Path> yamlFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  static List<Path> trainings() throws IOException {
    return yamlFiles(CONFIGS);
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void whatIsPrintedIsTheSameConfiguration(Path file) throws IOException {
    Path printed = folder.resolve("printed.yaml");
    assertThat(run("config", file, "--set", "optimizer.lr=1e-5", "-o", printed)).isEqualTo("0\n");
    TrainConfig original = TrainConfig.read(file, List.of("optimizer.lr=1e-5"), CONFIGS);
    TrainConfig again = TrainConfig.read(printed, List.of(), CONFIGS);
    assertThat(again.keys()).isEqualTo(original.keys());
    assertThat(again.optimizer().lr()).isEqualTo(1e-5);
    assertThat(run("config", printed)).isEqualTo("0\n" + Files.readString(printed));
    assertThat(schema(ConfigSchema.TRAIN).validate(yaml(printed))).isEmpty();
  }

  /** Texts that YAML would read as something else unless they are quoted. */
  @ParameterizedTest
  @CsvSource({"a: b", "'#x'", "true", "'123'", "1e5", "'*x'", "'- x'", "'{split}: x'", "é ∞"})
  void textsStayTexts(String text) throws IOException {
    Path file = CONFIGS.resolve("camvid-small.yaml");
    String set = "output=\"" + text + "\"";
    Path printed = folder.resolve("printed.yaml");
    assertThat(run("config", file, "--set", set, "-o", printed)).isEqualTo("0\n");
    assertThat(TrainConfig.read(printed, List.of(), CONFIGS).output()).isEqualTo(Path.of(text));
  }

  @Test
  void defaultsAndOverridesArePrinted() {
    assertThat(run("config", CONFIGS.resolve("camvid-small.yaml"), "--set", "train.batch=3"))
        .startsWith("0\nmodel:\n  backbone:\n    type: sdtv2\n")
        .contains("  batch: 3\n", "  eval_split: val\n", "  betas: [0.9, 0.999]\n")
        .contains("  loader: {threads: 2, on_bad_image: fail}\n");
  }

  @Test
  void whatIsWrongIsOneLine() throws IOException {
    Path file = folder.resolve("mine.yaml");
    String text = Files.readString(CONFIGS.resolve("camvid-small.yaml"));
    Files.writeString(file, text.replace("iterations: 4500", "iteratoins: 4500"));
    int line = (int) text.lines().takeWhile(l -> !l.contains("iterations: 4500")).count() + 1;
    Path output = folder.resolve("out.yaml");
    assertThat(run("config", file, "-o", output))
        .startsWith("2\ns2f: " + file + ": line " + line + ": train.iteratoins: unknown key; known")
        .endsWith("; did you mean iterations?\n");
    assertThat(output).doesNotExist();
    assertThat(run("config")).startsWith("2\ns2f: expected either a CONFIG.yaml or --schema KIND");
    assertThat(run("config", file, "--schema", "train")).startsWith("2\ns2f: expected either");
  }

  private static JsonNode yaml(Path file) throws IOException {
    return new YAMLMapper().readTree(file.toFile());
  }

  private static Path committed(ConfigSchema kind) {
    return CONFIGS.resolve("schema/" + kind.name().toLowerCase(Locale.ROOT) + ".schema.json");
  }

  private static JsonSchema schema(ConfigSchema kind) throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
        .getSchema(Files.readString(committed(kind)));
  }

  /** After a change of the records: {@code ./s2f config --schema KIND -o configs/schema/…}. */
  @ParameterizedTest
  @EnumSource
  void theCommittedSchemasAreThoseOfTheRecords(ConfigSchema kind) throws IOException {
    assertThat(run("config", "--schema", kind))
        .isEqualTo("0\n" + Files.readString(committed(kind)));
  }

  @Test
  void everyConfigurationFollowsItsSchema() throws IOException {
    for (Path file : trainings()) {
      assertThat(schema(ConfigSchema.TRAIN).validate(yaml(file))).as(file.toString()).isEmpty();
      assertThat(file).content().startsWith("# yaml-language-server: $schema=schema/train.schema");
    }
    for (Path file : yamlFiles(CONFIGS.resolve("datasets"))) {
      assertThat(schema(ConfigSchema.DATASET).validate(yaml(file))).as(file.toString()).isEmpty();
      assertThat(file).content().startsWith("# yaml-language-server: $schema=../schema/dataset.");
    }
    try (Stream<Path> files = Files.list(CONFIGS.resolve("models"))) {
      for (Path file : files.toList()) {
        JsonNode model = new ObjectMapper().readTree(file.toFile());
        assertThat(schema(ConfigSchema.MODEL).validate(model)).as(file.toString()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          optimizer: {lr: 0.1, weigth_decay: 0}
          optimizer: {lr: -1}
          optimizer: {betas: [0.9]}
          optimizer: {betas: [0.9, 1]}
          optimizer: {groups: [{lr_factor: 1}]}
          train: {iterations: 3, batch: 0}
          train: {iterations: 3, batch: two}
          train: {iterations: 3}
          init: {scheme: zeros}
          lose: {}
          data: {type: ade20k}
          data: {type: ade, root: r}
          data: {type: folder, root: r, train_pipeline: [{random_flop: {}}]}
          data: {type: folder, root: r, train_pipeline: [random_crop]}
          data: {type: folder, root: r, train_pipeline: [{random_crop: {size: [1]}}]}
          model: {backbone: {}}
          """)
  void mistakesAreRefusedByTheSchemaToo(String section) throws IOException {
    JsonNode good = yaml(CONFIGS.resolve("camvid-small.yaml"));
    JsonNode bad = good.deepCopy();
    JsonNode change = new YAMLMapper().readTree(section);
    ((ObjectNode) bad).setAll((ObjectNode) change);
    assertThat(schema(ConfigSchema.TRAIN).validate(bad)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {base: camvid-small}                                             | true
          {base: [a.yaml, b], train: {iterations: 3}, data: {root: r}}     | true
          {base: a, model: {head: {classes: 6}}, output: {tensorboard: true}} | true
          {base: a, model: {base: b, head: {clases: 6}}}                   | false
          {base: a, train: {iterations: three}}                            | false
          {base: 3}                                                        | false
          {model: {base: n, head: {classes: 6}}, data: {base: d, root: r}, train: {iterations: 1, batch: 1}, output: o} | true
          {model: {head: {classes: 6}}, data: d, train: {iterations: 1, batch: 1}, output: o} | false
          {model: m, data: d, train: {iterations: 1}, output: {folder: o}}  | false
          """)
  void withABaseNothingNeedBeGiven(String text, boolean good) throws IOException {
    JsonNode file = new YAMLMapper().readTree(text);
    assertThat(schema(ConfigSchema.TRAIN).validate(file).isEmpty()).isEqualTo(good);
  }

  @Test
  void namesStandForFiles() {
    assertThat(run("config", "camvid-small", "--set", "train.batch=3")).contains("  batch: 3\n");
    assertThat(run("config", "camvid-smal"))
        .startsWith("2\ns2f: camvid-smal: no such file, nor a name in ")
        .endsWith("; did you mean camvid-small?\n");
  }

  @Test
  void whatMayBeShortMayBeShort() throws IOException {
    JsonNode node =
        new YAMLMapper()
            .readTree(
                "{type: folder, root: r, ignore: 3, label_dir: l, classes: c.json, train_pipeline:"
                    + " [random_flip, photometric_distortion: , {pad: {divisor: 32}}]}");
    assertThat(schema(ConfigSchema.DATASET).validate(node)).isEmpty();
  }
}
