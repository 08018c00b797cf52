package org.spike2former.data.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigBasesTest {
  private record Loop(@Range(min = 1, max = 9) Integer batch, Integer steps, List<Integer> sizes) {
    private Loop {
      Ranges.check(Loop.class, batch, steps, sizes);
    }
  }

  @TempDir private Path folder;
  private Shipped shipped;

  @BeforeEach
  void ship() throws IOException {
    shipped = new Shipped(Files.createDirectory(folder.resolve("shipped")), ".yaml");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text.replace('~', '\n'));
  }

  private String read(Path file) throws IOException {
    return ConfigBases.read(file, shipped).root().toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '\0',
      textBlock =
          """
          train: {batch: 3}             => {"train":{"batch":3,"steps":5,"sizes":[1,2]},"model":"net","output":"runs"}
          train: {sizes: [7]}           => {"train":{"batch":2,"steps":5,"sizes":[7]},"model":"net","output":"runs"}
          train: {steps: }              => {"train":{"batch":2,"steps":null,"sizes":[1,2]},"model":"net","output":"runs"}
          train: 4                      => {"train":4,"model":"net","output":"runs"}
          new: 1                        => {"train":{"batch":2,"steps":5,"sizes":[1,2]},"model":"net","output":"runs","new":1}
          model: other                  => {"train":{"batch":2,"steps":5,"sizes":[1,2]},"model":"other","output":"runs"}
          model: {head: {classes: 6}}   => {"train":{"batch":2,"steps":5,"sizes":[1,2]},"model":{"base":"net","head":{"classes":6}},"output":"runs"}
          model: {base: other, heads: 2} => {"train":{"batch":2,"steps":5,"sizes":[1,2]},"model":{"base":"other","heads":2},"output":"runs"}
          output: {tensorboard: true}   => {"train":{"batch":2,"steps":5,"sizes":[1,2]},"model":"net","output":{"folder":"runs","tensorboard":true}}
          """)
  void aFileOverridesItsBaseKeyByKey(String text, String whole) throws IOException {
    write("base.yaml", "train: {batch: 2, steps: 5, sizes: [1, 2]}~model: net~output: runs");
    assertThat(read(write("own.yaml", "base: base.yaml~" + text))).isEqualTo(whole);
  }

  @Test
  void aSectionWithABaseOfItsOwnStartsFromIt() throws IOException {
    write(
        "base.yaml",
        "model: {base: net, head: {classes: 6}}~output: {folder: a, tensorboard: true}");
    assertThat(read(write("own.yaml", "base: base.yaml~model: {base: other}~output: b")))
        .isEqualTo(
            "{\"model\":{\"base\":\"other\"},\"output\":{\"folder\":\"b\",\"tensorboard\":true}}");
  }

  @Test
  void ofSeveralBasesTheLaterOverridesTheEarlier() throws IOException {
    write("a.yaml", "x: 1~y: 1~z: 1");
    write("b.yaml", "y: 2~z: 2");
    assertThat(read(write("own.yaml", "base: [a.yaml, b.yaml]~z: 3")))
        .isEqualTo("{\"x\":1,\"y\":2,\"z\":3}");
  }

  @Test
  void basesAreNamedOrLieBesideTheFile() throws IOException {
    Files.writeString(shipped.named("net"), "x: 1");
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.writeString(inner.resolve("middle.yaml"), "base: ../outer.yaml\ny: 2");
    write("outer.yaml", "base: net~z: 3");
    assertThat(read(write("own.yaml", "base: inner/middle.yaml")))
        .isEqualTo("{\"x\":1,\"z\":3,\"y\":2}");
  }

  @Test
  void aBaseThatIsNotThereIsNamed() throws IOException {
    Files.writeString(shipped.named("camvid"), "x: 1");
    Path file = write("own.yaml", "x: 1~base: camvit");
    assertThatThrownBy(() -> read(file))
        .hasMessage(
            file
                + ": line 2: base: camvit is neither a file nor a name in "
                + shipped.folder()
                + "; did you mean camvid?");
    Path odd = write("odd.yaml", "base: {x: 1}");
    assertThatThrownBy(() -> read(odd))
        .hasMessage(
            odd
                + ": line 1: base: expected the path or name of a file, or a list of these, found"
                + " {\"x\":1}");
  }

  @Test
  void aCircleIsNamedAsItGoes() throws IOException {
    Path a = write("a.yaml", "base: b.yaml");
    Path b = write("b.yaml", "x: 1~base: [c.yaml]");
    Path c = write("c.yaml", "base: ./b.yaml");
    assertThatThrownBy(() -> read(a))
        .hasMessage(c + ": line 1: base: goes in a circle: " + b + " → " + c + " → " + b);
    Path own = write("self.yaml", "base: self.yaml");
    assertThatThrownBy(() -> read(own)).hasMessageEndingWith(own + " → " + own);
  }

  @Test
  void errorsNameTheFileThatHasTheKey() throws IOException {
    Path base = write("base.yaml", "# comment~train: {batch: 12}");
    Path file = write("own.yaml", "base: base.yaml~train: {steps: 3}");
    ConfigTree tree = ConfigBases.read(file, shipped);
    assertThatThrownBy(() -> tree.bind("train", Loop.class))
        .hasMessage(base + ": line 2: train.batch: expected an integer from 1 to 9, found 12");
    Path own = write("own.yaml", "base: base.yaml~train:~  batch: 13");
    ConfigTree other = ConfigBases.read(own, shipped);
    assertThatThrownBy(() -> other.bind("train", Loop.class))
        .hasMessage(own + ": line 3: train.batch: expected an integer from 1 to 9, found 13");
  }

  @Test
  void itemsOfListsAreSetByTheirIndex() throws IOException {
    ConfigTree tree =
        ConfigTree.readYaml(write("a.yaml", "groups: [{lr: 1}, {lr: 2}]~x: [[1, 2]]"));
    tree.override("groups[1].lr=5");
    tree.override("groups[0]={name: a}");
    tree.override("x[0][1]=7");
    assertThat(tree.root()).hasToString("{\"groups\":[{\"name\":\"a\"},{\"lr\":5}],\"x\":[[1,7]]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      textBlock =
          """
          groups[2].lr=1 => groups has no item [2]; it has 2, counted from [0]
          groups.lr=1    => groups is a list, whose items are groups[0] and so on
          groups[0].lr.x=1 => lr holds no keys
          x[0]=1         => x holds no keys
          groups[a].lr=1 => expected a key such as a.b or a.b[0], found groups[a].lr
          groups[0]lr=1  => expected a key such as a.b or a.b[0], found groups[0]lr
          a..b=1         => expected a key such as a.b or a.b[0], found a..b
          a.=1           => expected a key such as a.b or a.b[0], found a.
          """)
  void keysThatLeadNowhereAreRefused(String assignment, String problem) throws IOException {
    ConfigTree tree = ConfigTree.readYaml(write("a.yaml", "groups: [{lr: 1}, {lr: 2}]~x: 3"));
    assertThatThrownBy(() -> tree.override(assignment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--set " + assignment + ": " + problem);
  }
}
