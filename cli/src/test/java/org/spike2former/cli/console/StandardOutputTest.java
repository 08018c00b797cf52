package org.spike2former.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.cli.InProcess;

/** What becomes of what is printed. */
class StandardOutputTest {
  private static final Path MODEL = InProcess.ROOT.resolve("models/camvid-small");

  /** As a pipe without reader, or a full device, answers. */
  private static final class Failing extends OutputStream {
    private final String reason;

    Failing(String reason) {
      this.reason = reason;
    }

    @Override
    public void write(int b) throws IOException {
      throw new IOException(reason);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "info MODEL",
        "info MODEL --tensors",
        "info MODEL --json",
        "cost MODEL",
        "cost MODEL --json",
        "devices",
        "--help",
        "info --help",
        "--version"
      })
  void aReaderThatIsGoneEndsACommandInSilence(String command) {
    Object[] words = command.replace("MODEL", MODEL.toString()).split(" ");
    InProcess.Run run = InProcess.runInto(new Failing("Broken pipe"), words);
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isEqualTo(141);
  }

  /** Names may come from files. */
  @Test
  void controlCharactersAreEscaped() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = StandardOutput.to(bytes)) {
      out.println("a\u001b[31m\u009b1m\tb\rc\u007f é\u0000");
      out.printf(Locale.ROOT, "%s %s%n", Path.of("x\ny\u001b"), "z\u0007");
      out.print((String) null);
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "a\\u001b[31m\\u009b1m\tb\\u000dc\\u007f é\\u0000\nx\\u000ay\\u001b z\\u0007\nnull");
  }

  @Test
  void aFullDeviceIsAnError() {
    InProcess.Run run =
        InProcess.runInto(new Failing("No space left on device"), "info", MODEL, "--tensors");
    assertThat(run.err()).isEqualTo("s2f: standard output could not be written\n");
    assertThat(run.code()).isEqualTo(2);
  }

  /** Not as far as the next image, whose output would have no reader. */
  @Test
  void nothingGoesOnAfterIt(@TempDir Path folder) {
    Path image = InProcess.ROOT.resolve("samples/street.jpg");
    InProcess.Run run =
        InProcess.runInto(
            new Failing("Broken pipe"), "segment", "-m", MODEL, "-o", folder, image, "missing.jpg");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isEqualTo(141);
  }

  @Test
  void whatIsPrintedIsUtf8() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = StandardOutput.to(bytes)) {
      out.println("straße-日本");
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("straße-日本" + System.lineSeparator());
  }

  @Test
  void aNameMayBeginWithAnAtSign() {
    InProcess.Run run = InProcess.run("info", "@model");
    assertThat(run.err()).startsWith("s2f: @model: ");
    assertThat(run.code()).isEqualTo(2);
  }

  /** The JVM puts a mark in the place of bytes that are not UTF-8. */
  @Test
  void aNameThatIsNotUtf8IsRefusedInPlainWords() {
    InProcess.Run run = InProcess.run("segment", "stra\ufffde.jpg");
    assertThat(run.err()).contains("stra\ufffde.jpg: a name that is not UTF-8").hasLineCount(1);
    assertThat(run.code()).isEqualTo(2);
  }
}
