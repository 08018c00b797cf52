package org.spike2former.data.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.data.dataset.DataConfig;

class StrictYamlTest {
  private static final String ALIAS =
      " is not resolved; write the value itself, or quote a text that begins with *";

  /** Each of these is read as something else, or only in part, by a lenient reader. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model: &m ./m.json~output: *m  | line 2: the alias *m is not resolved
          output: *o                     | line 1: the alias *o is not resolved
          a: [1, *x]                     | line 1: the alias *x is not resolved
          *x                             | line 1: the alias *x is not resolved
          *x : 1                         | not YAML: line 1: expected a key that is a text
          a: &x {c: 1}~b: {<<: *x}       | line 2: the merge key << is not resolved
          a: 1~<<: {b: 2}                | line 2: the merge key << is not resolved
          a: !!python/name:os.system x   | line 1: the tag !!python/name:os.system is not read
          a: !!python/object:m.C {b: 1}  | line 1: the tag !!python/object:m.C is not read
          a: 1~b: !include c.yaml        | line 2: the tag !include is not read
          a: !!binary aGk=               | line 1: the tag !!binary is not read
          a: !!set {b}                   | line 1: the tag !!set is not read
          a: 1~---~b: 2                  | line 3: a second document begins; expected one
          a: 1~b: 2~a: 3                 | not YAML: line 3: Duplicate field 'a'
          a: {b: 1, b: 2}                | not YAML: line 1: Duplicate field 'b'
          a: *.png                       | not YAML: line 1: while scanning an alias: unexpected
          a: {b: 1                       | not YAML: line 1: while parsing a flow mapping
          ? [a]~: 1                      | not YAML: line 1: expected a key that is a text
          a: .inf                        | not YAML: line 1: Malformed numeric value
          """)
  void isRefused(String text, String message) {
    assertThatThrownBy(() -> StrictYaml.read(bytes(text.replace('~', '\n'))))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(message);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void tabsAreNoIndentation() {
    assertThatThrownBy(() -> StrictYaml.read(bytes("a:\n\tb: 1\n")))
        .hasMessageStartingWith("not YAML: line 2: while scanning for the next token: found")
        .hasMessageContaining("Do not use");
  }

  @ParameterizedTest
  @CsvSource({"ISO-8859-1", "UTF-16LE"})
  void otherEncodingsAreRefused(String encoding) {
    byte[] text = "a: é und ö\n".getBytes(Charset.forName(encoding));
    assertThatThrownBy(() -> StrictYaml.read(text)).hasMessageStartingWith("not YAML: line 1: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # only a comment~---~a: 1~...  | {"a":1}
          a: &unused ./x                 | {"a":"./x"}
          a: "*x"                        | {"a":"*x"}
          a: 2*3 & !                     | {"a":"2*3 & !"}
          a: !!str 5                     | {"a":"5"}
          a: !!float 1e-3                | {"a":0.001}
          a: [1, {b: c}]                 | {"a":[1,{"b":"c"}]}
          """)
  void isRead(String text, String json) throws IOException {
    assertThat(StrictYaml.read(bytes(text.replace('~', '\n')))).hasToString(json);
  }

  @Test
  void aByteOrderMarkIsNoKey() throws IOException {
    byte[] text = "\ufeffa: é\n".getBytes(StandardCharsets.UTF_8);
    assertThat(StrictYaml.read(text)).hasToString("{\"a\":\"é\"}");
    assertThat(StrictYaml.read(bytes("")).isMissingNode()).isTrue();
  }

  @Test
  void theFileIsNamed(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("data.yaml");
    Files.writeString(file, "type: camvid\nroot: *r\n");
    assertThatThrownBy(() -> DataConfig.read(file, folder))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": line 2: the alias *r" + ALIAS);
    assertThatThrownBy(() -> DataConfig.read(folder, folder))
        .hasMessage(folder + ": is not a file");
  }
}
