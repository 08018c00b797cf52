package org.spike2former.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LexerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "float",
        "_a$1",
        "größe",
        "0",
        "0.5f",
        ".5F",
        "1.",
        "1e-12f",
        "1E+3",
        "0x1p-23",
        "0xff",
        "0xFFe",
        "3_000_000L",
        "'\"'",
        "'\\''",
        "\"\"",
        "\"a // b\"",
        "\"\\\\\"",
        "\"\"\"\n  a \"quoted\" \\\"\"\" float\n  \"\"\"",
        "// float \"",
        "/* a \" // */",
        "/** {@link A#b(float)} */",
        " \n\t ",
        "+",
      })
  void takesAsOneToken(String text) {
    assertThat(Lexer.tokens(text)).extracting(Token::text).containsExactly(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a.length-1 | a . length - 1",
        "x[0].y | x [ 0 ] . y",
        "0xe+1 | 0xe + 1",
        "1-.5f | 1 - .5f",
        "a/b//c | a / b //c",
        "\"a\"+'b' | \"a\" + 'b'",
        "f(/*n*/1) | f ( /*n*/ 1 )",
      })
  void cuts(String source, String tokens) {
    assertThat(Lexer.tokens(source)).extracting(Token::text).containsExactly(tokens.split(" "));
  }

  @Test
  void tellsKindsAndLines() {
    assertThat(Lexer.tokens("int\na=\"\"\"\n\"\"\";//b\n/*\n*/1"))
        .containsExactly(
            new Token(Token.Kind.WORD, "int", 1),
            new Token(Token.Kind.SPACE, "\n", 1),
            new Token(Token.Kind.WORD, "a", 2),
            new Token(Token.Kind.SYMBOL, "=", 2),
            new Token(Token.Kind.QUOTED, "\"\"\"\n\"\"\"", 2),
            new Token(Token.Kind.SYMBOL, ";", 3),
            new Token(Token.Kind.COMMENT, "//b", 3),
            new Token(Token.Kind.SPACE, "\n", 3),
            new Token(Token.Kind.COMMENT, "/*\n*/", 4),
            new Token(Token.Kind.NUMBER, "1", 5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\n/* b", "a\n\"b\nc\"", "a\n'", "a\n\"\"\" b\"\"", "a\n\"b\\"})
  void refusesWhatDoesNotEnd(String source) {
    assertThatExceptionOfType(BadSource.class)
        .isThrownBy(() -> Lexer.tokens(source))
        .withMessageContaining("not end")
        .returns(2, BadSource::line);
  }

  static List<Path> sources() throws IOException {
    try (var files = Files.walk(Path.of("src"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("sources")
  void losesNothing(Path source) throws IOException {
    String text = Files.readString(source);
    assertThat(Lexer.tokens(text).stream().map(Token::text).collect(Collectors.joining()))
        .isEqualTo(text);
  }
}
