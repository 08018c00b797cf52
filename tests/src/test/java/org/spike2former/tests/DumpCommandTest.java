package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.tests.S2f.Run;

class DumpCommandTest {
  private static final Path FIXTURE =
      S2f.ROOT.resolve("verify/src/test/resources/fixtures/sdtv2_tiny");

  @TempDir private Path folder;

  private Run s2f(Object... arguments) throws IOException, InterruptedException {
    return S2f.run(folder, arguments);
  }

  @Test
  void dumpsOfTwoKernelsAreEqualAndPassParity() throws IOException, InterruptedException {
    assertThat(s2f("dump", FIXTURE, "-o", "a").code()).isZero();
    assertThat(s2f("dump", FIXTURE, "-o", "b", "--backend", "scalar", "--threads", 1).code())
        .isZero();

    Run equal = s2f("diff", "a", "b");
    assertThat(equal.code()).as(equal.out()).isZero();
    assertThat(equal.out().strip()).endsWith("a and b: pass, tolerances equal bits");
    Run parity = s2f("parity", "a", "--precision", "f64", "--tolerance", "strict");
    assertThat(parity.code()).as(parity.out()).isZero();

    Path spikes = folder.resolve("b/spikes.safetensors");
    byte[] bytes = Files.readAllBytes(spikes);
    bytes[bytes.length - 1] ^= 1;
    Files.write(spikes, bytes);
    Run different = s2f("diff", "a", "b", "--report", "diff.html");
    assertThat(different.code()).isEqualTo(1);
    assertThat(different.out())
        .contains("first difference: decode_head.mask_embed_spike (spikes), float64: 1 of");
    assertThat(folder.resolve("diff.html"))
        .content()
        .contains("First difference:", "[3, 0, 1, 9, 31]");
  }

  @Test
  void imagesNeedPreprocessing() throws IOException, InterruptedException {
    Run run = s2f("dump", FIXTURE, S2f.ROOT.resolve("samples/street.jpg"), "-o", "a");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines().get(0)).contains("preprocess.json").contains("--input");
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void anImageThatIsTooSmallIsNamed() throws IOException, InterruptedException {
    Path image = folder.resolve("pixel.png");
    ImageIO.write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png", image.toFile());
    Run run = s2f("dump", S2f.ROOT.resolve("models/camvid"), image, "-o", "a");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().contains("pixel.png", "too small");
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void aFolderInUseIsBadInput() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("mine.txt"), "mine");
    Run run = s2f("dump", FIXTURE, "-o", folder);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).hasSize(1);
    assertThat(run.errorLines().get(0)).contains("is not empty");
  }
}
