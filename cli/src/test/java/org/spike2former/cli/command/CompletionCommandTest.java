package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;

class CompletionCommandTest {
  @TempDir private Path folder;

  /** What bash completes the last word to; it complains that no key was pressed. */
  private String complete(String... words) throws IOException, InterruptedException {
    Path script = folder.resolve("completion.sh");
    Files.writeString(script, InProcess.run("completion", "bash").out());
    String lines =
        """
        . "$0"
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _complete_s2f
        echo "${COMPREPLY[@]}"
        """;
    String[] command = new String[4 + words.length];
    command[0] = "bash";
    command[1] = "-c";
    command[2] = lines;
    command[3] = script.toString();
    System.arraycopy(words, 0, command, 4, words.length);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out.strip();
  }

  @Test
  void bashCompletesCommandsAndOptions() throws Exception {
    assertThat(complete("s2f", "seg")).isEqualTo("segment");
    assertThat(complete("s2f", "segment", "--dig")).isEqualTo("--digest");
    assertThat(complete("s2f", "data", "c")).isEqualTo("check convert");
  }

  @Test
  void aShellHasToBeNamed() {
    assertThat(InProcess.run("completion", "ZSH").out()).contains("bashcompinit");
    InProcess.Run run = InProcess.run("completion", "fish");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("fish");
  }
}
