package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;

class DumpCommandTest {
  private static final Path FIXTURE =
      InProcess.ROOT.resolve("verify/src/test/resources/fixtures/sdtv2_tiny");

  @TempDir private Path folder;
  private Path a;
  private Path b;

  @BeforeEach
  void nameDumps() {
    a = folder.resolve("a");
    b = folder.resolve("b");
  }

  @Test
  void dumpsOfTwoKernelsAreEqualAndPassParity() throws IOException {
    assertThat(InProcess.run("dump", FIXTURE, "-o", a).code()).isZero();
    assertThat(
            InProcess.run("dump", FIXTURE, "-o", b, "--backend", "scalar", "--threads", 1).code())
        .isZero();

    Run equal = InProcess.run("diff", a, b);
    assertThat(equal.code()).as(equal.out()).isZero();
    assertThat(equal.out().strip()).endsWith(a + " and " + b + ": pass, tolerances equal bits");
    Run parity = InProcess.run("parity", a, "--precision", "f64", "--tolerance", "strict");
    assertThat(parity.code()).as(parity.out()).isZero();

    Path spikes = b.resolve("spikes.safetensors");
    byte[] bytes = Files.readAllBytes(spikes);
    bytes[bytes.length - 1] ^= 1;
    Files.write(spikes, bytes);
    Run different = InProcess.run("diff", a, b, "--report", folder.resolve("diff.html"));
    assertThat(different.code()).isEqualTo(1);
    assertThat(different.out())
        .contains("first difference: decode_head.mask_embed_spike (spikes), float64: 1 of");
    assertThat(folder.resolve("diff.html"))
        .content()
        .contains("First difference:", "[3, 0, 1, 9, 31]");
  }

  @Test
  void imagesNeedPreprocessing() throws IOException {
    Run run = InProcess.run("dump", FIXTURE, InProcess.ROOT.resolve("samples/street.jpg"), "-o", a);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines().get(0)).contains("preprocess.json").contains("--input");
    assertThat(a).doesNotExist();
  }

  @Test
  void anImageThatIsTooSmallIsNamed() throws IOException {
    Path image = folder.resolve("pixel.png");
    ImageIO.write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png", image.toFile());
    Run run = InProcess.run("dump", InProcess.ROOT.resolve("models/camvid"), image, "-o", a);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().contains("pixel.png", "too small");
    assertThat(a).doesNotExist();
  }

  @Test
  void aFolderInUseIsBadInput() throws IOException {
    Files.writeString(folder.resolve("mine.txt"), "mine");
    Run run = InProcess.run("dump", FIXTURE, "-o", folder);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).hasSize(1);
    assertThat(run.errorLines().get(0)).contains("is not empty");
  }
}
