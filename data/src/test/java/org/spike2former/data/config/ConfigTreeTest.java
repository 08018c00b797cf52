package org.spike2former.data.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTreeTest {
  private enum Mode {
    WHOLE,
    SLIDE
  }

  private record Item(@JsonProperty(required = true) String name, @Range(min = 0) Double factor) {
    private Item {
      Ranges.check(Item.class, name, factor);
    }
  }

  private record Settings(
      @JsonProperty(required = true) @Range(min = 1, max = 8) int threads,
      @Range(min = 0, max = 1, belowMax = true, size = 2) List<Double> betas,
      @Range(min = 0, aboveMin = true) Double learningRate,
      Boolean keepRatio,
      Mode mode,
      Path output,
      List<Item> items,
      Settings inner) {
    private Settings {
      Ranges.check(
          Settings.class, threads, betas, learningRate, keepRatio, mode, output, items, inner);
    }
  }

  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text.replace('~', '\n'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '\0',
      textBlock =
          """
          mode: slide => threads: missing; expected an integer from 1 to 8
          mode: slide~threds: 3 => line 2: threds: unknown key; known are betas, inner, items, keep_ratio, learning_rate, mode, output, threads; did you mean threads?
          threads: 3~zebra: 1 => line 2: zebra: unknown key; known are betas, inner, items, keep_ratio, learning_rate, mode, output, threads
          threads: 9 => line 1: threads: expected an integer from 1 to 8, found 9
          threads: "3" => line 1: threads: expected an integer from 1 to 8, found "3"
          threads: 2.5 => line 1: threads: expected an integer from 1 to 8, found 2.5
          threads: 99999999999 => line 1: threads: expected an integer from 1 to 8, found 99999999999
          threads: => line 1: threads: expected an integer from 1 to 8, found null
          threads: 1~betas: [0.9] => line 2: betas: expected a list of 2 numbers from 0 to below 1, found [0.9]
          threads: 1~betas: [0.9, 1] => line 2: betas[1]: expected a number from 0 to below 1, found 1
          threads: 1~betas:~- 0~- x => line 4: betas[1]: expected a number, found "x"
          threads: 1~betas: 3 => line 2: betas: expected a list of 2 numbers from 0 to below 1, found 3
          threads: 1~learning_rate: 0 => line 2: learning_rate: expected a number above 0, found 0
          threads: 1~learning_rate: true => line 2: learning_rate: expected a number above 0, found true
          threads: 1~keep_ratio: 1 => line 2: keep_ratio: expected true or false, found 1
          threads: 1~keep_ratio: "yes" => line 2: keep_ratio: expected true or false, found "yes"
          threads: 1~mode: tiles => line 2: mode: expected whole | slide, found tiles
          threads: 1~mode: 0 => line 2: mode: expected whole | slide, found 0
          threads: 1~output: 3 => line 2: output: expected a string, found 3
          threads: 1~items: {name: a} => line 2: items: expected a list of objects, found {"name":"a"}
          threads: 1~items:~- {name: a}~- {} => line 4: items[1].name: missing; expected a string
          threads: 1~items: [{name: a, factor: -1}] => line 2: items[0].factor: expected a number of at least 0, found -1
          threads: 1~inner:~  threads: 0 => line 3: inner.threads: expected an integer from 1 to 8, found 0
          threads: 1~inner: 4 => line 2: inner: expected an object, found 4
          """)
  void mistakesAreNamedWithTheirLine(String text, String message) throws IOException {
    Path file = write("a.yaml", text);
    ConfigTree tree = ConfigTree.readYaml(file);
    assertThatThrownBy(() -> tree.bind(Settings.class))
        .isInstanceOf(ConfigException.class)
        .hasMessage(file + ": " + message);
  }

  /** Runs keep 1e-3 in quotes, for Jackson takes it for a text. */
  @ParameterizedTest
  @CsvSource({"1e-3, 0.001", "'\"1e-3\"', 0.001", "1E5, 100000", ".5, 0.5", "3, 3", "1.5e+2, 150"})
  void numbersMayBeWrittenInEveryWay(String text, double value) throws IOException {
    ConfigTree tree = ConfigTree.readYaml(write("a.yaml", "threads: 1~learning_rate: " + text));
    assertThat(tree.bind(Settings.class).learningRate()).isEqualTo(value);
  }

  @Test
  void jsonTakesNeitherTextsForNumbersNorNull() throws IOException {
    Path text = write("a.json", "{\"threads\": 1,~\"learning_rate\": \"1e-3\"}");
    assertThatThrownBy(() -> ConfigTree.readJson(text).bind(Settings.class))
        .hasMessage(text + ": line 2: learning_rate: expected a number above 0, found \"1e-3\"");
    Path none = write("b.json", "{\"threads\": 1,~\"items\": [{\"name\": null}]}");
    assertThatThrownBy(() -> ConfigTree.readJson(none).bind(Settings.class))
        .hasMessage(none + ": line 2: items[0].name: expected a value, found null");
  }

  @Test
  void anIncludedFileIsNamed() throws IOException {
    ConfigTree tree = ConfigTree.readYaml(write("a.yaml", "threads: 1~inner: name"));
    Path other = write("b.yaml", "# comment~threads: 1~betas: [2, 3]");
    tree.include("inner", ConfigTree.readYaml(other));
    assertThatThrownBy(() -> tree.bind(Settings.class))
        .hasMessage(other + ": line 3: betas[0]: expected a number from 0 to below 1, found 2");
    tree.override("inner.betas=[0.1, 0.2]");
    assertThat(tree.bind(Settings.class).inner().betas()).containsExactly(0.1, 0.2);
  }

  @Test
  void whatIsOverriddenStandsInNoLine() throws IOException {
    Path file = write("a.yaml", "threads: 1~inner: {threads: 2}");
    ConfigTree tree = ConfigTree.readYaml(file);
    tree.override("inner.threads=0");
    assertThatThrownBy(() -> tree.bind(Settings.class))
        .hasMessage(file + ": inner.threads: expected an integer from 1 to 8, found 0");
    tree.override("inner.threads=3");
    assertThat(tree.copy().bind("inner", Settings.class).threads()).isEqualTo(3);
  }

  @Test
  void namesThatAreNearAreOffered() throws IOException {
    ConfigTree tree = ConfigTree.readYaml(write("a.yaml", "data: camvit"));
    write("camvid.yaml", "");
    Shipped shipped = new Shipped(folder, ".yaml");
    assertThatThrownBy(() -> ConfigBases.include(tree, "data", shipped, ConfigTree::readYaml))
        .hasMessageEndingWith(
            "line 1: data: camvit is neither a file nor a name in "
                + folder
                + "; did you mean camvid?");
    assertThat(Spelling.known("lr_facotr", List.of("pattern", "lr_factor")))
        .isEqualTo("; known are lr_factor, pattern; did you mean lr_factor?");
    assertThat(Spelling.nearest("x", List.of("pattern"))).isEmpty();
  }

  @Test
  void whatIsPrintedIsRead() throws IOException {
    Settings settings =
        new Settings(
            2, List.of(0.1, 1e-9), 1e20, true, Mode.SLIDE, Path.of("a: b"), List.of(), null);
    Path file = write("a.yaml", "");
    Files.writeString(file, ConfigTree.print(settings));
    assertThat(file).content().contains("mode: slide\n", "betas: [0.1, 1.0E-9]\n");
    assertThat(ConfigTree.readYaml(file).bind(Settings.class)).isEqualTo(settings);
  }

  @Test
  void theCharacterNulIsRefusedWithItsKey() throws IOException {
    Path yaml = write("nul.yaml", "threads: 1~output: \"a\\0b\"");
    assertThatThrownBy(() -> ConfigTree.readYaml(yaml))
        .hasMessage(yaml + ": line 2: output: holds the character NUL");
    Path json = write("nul.json", "{\"threads\": 1,~\"output\": \"a\\u0000b\"}");
    assertThatThrownBy(() -> ConfigTree.readJson(json))
        .hasMessage(json + ": line 2: output: holds the character NUL");
  }

  @Test
  void textInAnotherEncodingIsRefused() throws IOException {
    for (String charset : List.of("UTF-32", "UTF-32LE", "UTF-16")) {
      Path json = folder.resolve(charset + ".json");
      Files.write(json, "{\"threads\": \"é\"}".getBytes(Charset.forName(charset)));
      assertThatThrownBy(() -> ConfigTree.readJson(json).bind(Settings.class))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith(json + ": ");
    }
    Path cut = Files.write(folder.resolve("cut.json"), new byte[] {'{', '}', (byte) 0xe2});
    assertThatThrownBy(() -> ConfigTree.readJson(cut))
        .hasMessage(cut + ": not UTF-8 text; save the file in that encoding");
  }

  @Test
  void filesOfManyValuesAreRefused() throws IOException {
    Path yaml = write("many.yaml", "a: [" + "0,".repeat(11_000) + "0]");
    assertThatThrownBy(() -> ConfigTree.readYaml(yaml))
        .hasMessage(yaml + ": more than 10000 keys and values (-Ds2f.max-config-values)");
    Path json = write("many.json", "{\"a\": [" + "0,".repeat(11_000) + "0]}");
    assertThatThrownBy(() -> ConfigTree.readJson(json))
        .hasMessage(json + ": more than 10000 keys and values (-Ds2f.max-config-values)");
    Path deep = write("deep.json", "{\"a\":".repeat(20) + "1" + "}".repeat(20));
    assertThatThrownBy(() -> ConfigTree.readJson(deep)).hasMessageStartingWith(deep + ": not JSON");
    Path large = write("large.yaml", "a: " + "x".repeat(100_000));
    assertThatThrownBy(() -> ConfigTree.readYaml(large))
        .hasMessageEndingWith("the limit is 98304 (-Ds2f.max-config-bytes)");
  }
}
