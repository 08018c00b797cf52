package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;
import org.spike2former.cli.TinyData;

/** {@code s2f data}. */
class DataCommandTest {
  @TempDir private Path folder;
  private Path tiny;

  @BeforeEach
  void write() throws IOException {
    tiny = TinyData.write(folder);
  }

  @Test
  void checkTakesTheSplitsThatAreThere() throws Exception {
    Files.copy(folder.resolve("data/labels/val/0.png"), folder.resolve("data/labels/val/9.png"));
    Run run = InProcess.run("data", "check", tiny);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "folder train: 4 images\n",
            "folder val: 4 images\n",
            "folder test: not there (" + folder + "/data/images/test: no such folder of images)\n");
    assertThat(run.errorLines())
        .containsExactly(
            "s2f: "
                + folder
                + "/data/labels/val: label files without an image: 1; the first: "
                + folder
                + "/data/labels/val/9.png");
    Run named = InProcess.run("data", "check", tiny, "--split", "test");
    assertThat(named.code()).isEqualTo(2);
    assertThat(named.errorLines())
        .containsExactly("s2f: " + folder + "/data/images/test: no such folder of images");
  }

  @Test
  void checkSaysThatSplitsAreTheSame() throws Exception {
    String text = Files.readString(tiny);
    Files.writeString(
        tiny,
        text.replace("labels/{split}", "labels/val\n  image_dir: images/val\n  exif: ignore"));
    Run run = InProcess.run("data", "check", tiny);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("folder val: the same as train\n", "folder test: the same as train\n");
  }

  @Test
  void checkPassesOverATestSplitWithoutLabels() throws Exception {
    Files.createDirectories(folder.resolve("data/images/test"));
    Path image = folder.resolve("data/images/val/0.png");
    Files.copy(image, folder.resolve("data/images/test/0.png"));
    for (boolean withFolder : new boolean[] {false, true}) {
      if (withFolder) {
        Files.createDirectories(folder.resolve("data/labels/test"));
      }
      Run run = InProcess.run("data", "check", tiny);
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out()).contains("folder test: not checked (images without labels)\n");
    }
    assertThat(InProcess.run("data", "check", tiny, "--split", "test").code()).isEqualTo(1);
  }

  @Test
  void checkPrintsNoShareWhereNothingCouldBeRead() throws Exception {
    for (int i = 0; i < 4; i++) {
      Files.delete(folder.resolve("data/labels/train/" + i + ".png"));
    }
    Run run = InProcess.run("data", "check", tiny, "--split", "train");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("0 ground       - %  in 0 images").doesNotContain("NaN");
  }
}
