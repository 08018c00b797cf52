package org.spike2former.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassTableTest {
  @TempDir Path folder;

  private Path json(String text) throws IOException {
    return Files.writeString(folder.resolve("classes.json"), text);
  }

  @Test
  void readsAFile() throws IOException {
    ClassTable classes =
        ClassTable.read(
            json(
                "{\"names\": [\"sky\", \"road\"], \"palette\": [[128, 64, 1], [0, 0, 255]],"
                    + " \"ignore_index\": 254}"));
    assertThat(classes.names()).containsExactly("sky", "road");
    assertThat(classes.palette()).containsExactly(0x804001, 0x0000FF);
    assertThat(classes.color(1)).isEqualTo(0x0000FF);
    assertThat(classes.ignoreIndex()).isEqualTo(254);
    assertThat(classes.size()).isEqualTo(2);
  }

  @Test
  void namesAreEnough() throws IOException {
    ClassTable classes = ClassTable.read(json("{\"names\": [\"a\", \"b\", \"c\"]}"));
    assertThat(classes.palette()).containsExactly(0x800000, 0x008000, 0x808000);
    assertThat(classes.ignoreIndex()).isEqualTo(255);
  }

  /** The first colours of the VOC 2012 development kit. */
  @Test
  void vocColours() {
    assertThat(ClassTable.vocPalette(21))
        .containsExactly(
            0x000000, 0x800000, 0x008000, 0x808000, 0x000080, 0x800080, 0x008080, 0x808080,
            0x400000, 0xC00000, 0x408000, 0xC08000, 0x400080, 0xC00080, 0x408080, 0xC08080,
            0x004000, 0x804000, 0x00C000, 0x80C000, 0x004080);
    assertThat(ClassTable.vocPalette(256)).doesNotHaveDuplicates().endsWith(0xE0E0C0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{}|names: missing; expected a list of strings",
        "{\"names\": \"sky\"}|line 1: names: expected a list of strings, found \"sky\"",
        "{\"names\": [1]}|line 1: names[0]: expected a string, found 1",
        "{\"names\": []}|line 1: names: expected 1 to 255 classes, found 0",
        "{\"names\": [\"a\\u001b[31m\"]}|line 1: names: a name holds a control character",
        "{\"names\": [\" \"]}|line 1: names: a class has no name",
        "{\"names\": [\"a\", \"a\"]}|line 1: names: a class is named twice",
        "{\"names\": [\"a\"], \"palette\": []}|line 1: palette: expected 1 colours, found 0",
        "{\"names\": [\"a\"], \"palette\": [[1, 2]]}|line 1: palette[0]: expected [red, green,"
            + " blue], each",
        "{\"names\": [\"a\"], \"palette\": [[1, 2, 256]]}|line 1: palette[0]: expected [red, green,"
            + " blue], each",
        "{\"names\": [\"a\"], \"palette\": [[1, 2, 2.5]]}|line 1: palette[0][2]: expected an"
            + " integer, found 2.5",
        "{\"names\": [\"a\"], \"ignore_index\": 256}|line 1: ignore_index: expected an integer from"
            + " 0 to 255",
        "{\"names\": [\"a\"], \"colors\": []}|line 1: colors: unknown key",
      })
  void badFilesAreRefused(String text, String message) throws IOException {
    Path file = json(text);
    assertThatThrownBy(() -> ClassTable.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": " + message);
  }

  @Test
  void manyClassesHaveWideLabels() throws IOException {
    String names =
        IntStream.range(0, 256).mapToObj(k -> "\"c" + k + "\"").collect(Collectors.joining(","));
    ClassTable classes = ClassTable.read(json("{\"names\": [" + names + "]}"));
    assertThat(classes.isWide()).isTrue();
    assertThat(classes.ignoreIndex()).isEqualTo(65535);
    assertThat(classes.palette()).doesNotHaveDuplicates().doesNotContain(0);
    assertThat(ClassTable.of(List.of("a")).isWide()).isFalse();
    Path narrow = json("{\"names\": [" + names + "], \"ignore_index\": 255}");
    assertThatThrownBy(() -> ClassTable.read(narrow))
        .hasMessage(narrow + ": line 1: names: expected 1 to 255 classes, found 256");
    Path things = json("{\"names\": [" + names + "], \"things\": [\"c0\"]}");
    assertThatThrownBy(() -> ClassTable.read(things))
        .hasMessage(things + ": line 1: things: can be told apart among 255 classes at most");
  }

  @Test
  void tablesDoNotShareTheirPalette() {
    ClassTable classes = ClassTable.of(List.of("a", "b"));
    classes.palette()[1] = 7;
    assertThat(classes.color(1)).isEqualTo(0x008000);
  }
}
