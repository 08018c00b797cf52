package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.tests.S2f.Run;

/** The command among pipes, closed files, other locales and odd names. */
class EnvironmentTest {
  private static final String INFO = "\"$S2F\" info ade20k-sdtv2-15m --tensors";

  @TempDir private Path folder;

  @Test
  void aReaderThatHasEnoughEndsItInSilence() throws Exception {
    Run run = S2f.runShell(folder, "{ " + INFO + "; echo $? >code; } | head -n 1");
    assertThat(run.errorLines()).isEmpty();
    assertThat(run.out()).hasLineCount(1);
    assertThat(Files.readString(folder.resolve("code")).strip()).isIn("0", "141");
  }

  @Test
  void closedStandardOutputIsAnError() throws Exception {
    Run run = S2f.runShell(folder, INFO + " >&-");
    assertThat(run.errorLines()).containsExactly("s2f: standard output could not be written");
    assertThat(run.code()).isEqualTo(2);
  }

  /** Without a model, so that nothing is computed. */
  @Test
  void namesAndWordsAreUtf8InALocaleThatIsNotInstalled() throws Exception {
    Run run = S2f.runShell(folder, "LC_ALL=xx_XX.ISO-8859-1 \"$S2F\" info straße-日本");
    assertThat(run.errorLines()).hasSize(1);
    assertThat(run.errorLines().get(0)).startsWith("s2f: straße-日本: ");
    Run latin = S2f.runShell(folder, "\"$S2F\" info \"$(printf 'stra\\337e')\"");
    assertThat(latin.errorLines()).hasSize(1);
    assertThat(latin.errorLines().get(0)).contains("a name that is not UTF-8");
    assertThat(latin.code()).isEqualTo(2);
  }

  @Test
  void aFileWhoseNameBeginsWithADashIsExplained() throws Exception {
    Files.createFile(folder.resolve("-x.jpg"));
    Run run = S2f.run(folder, "segment", "-x.jpg");
    assertThat(run.errorLines()).contains("s2f: if the file is meant, write ./-x.jpg");
    assertThat(run.code()).isEqualTo(2);
  }
}
