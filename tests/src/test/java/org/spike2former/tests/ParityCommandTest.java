package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.tests.S2f.Run;

class ParityCommandTest {
  private static final Path FIXTURES = S2f.ROOT.resolve("verify/src/test/resources/fixtures");

  @TempDir private Path folder;

  @Test
  void bothBackbonesPass() throws IOException, InterruptedException {
    Run run =
        S2f.run(folder, "parity", FIXTURES.resolve("sdtv2_tiny"), FIXTURES.resolve("sdtv3_tiny"));
    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(run.out())
        .contains("float64 end to end", "float32 block by block", "float32 end to end")
        .contains("against itself");
    assertThat(run.out().strip()).endsWith("sdtv3_tiny: pass");
  }

  @Test
  void anAlteredWeightFailsWithCodeOne() throws IOException, InterruptedException {
    try (Stream<Path> files = Files.list(FIXTURES.resolve("sdtv2_tiny"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName().toString()));
      }
    }
    Path weights = folder.resolve("weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    // The highest bit of a mantissa: of the exponent, it would make a weight that is refused.
    bytes[bytes.length - 2] ^= 0x40;
    Files.write(weights, bytes);
    Run run = S2f.run(folder, "parity", folder, "--precision", "f64", "--json");
    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.errorLines()).isEmpty();
    assertThat(run.out().strip()).startsWith("[").endsWith("]").contains("\"pass\" : false");
  }

  @Test
  void aFolderWithoutWeightsIsBadInput() throws IOException, InterruptedException {
    Run run = S2f.run(folder, "parity", folder);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).hasSize(1);
    assertThat(run.errorLines().get(0)).contains(folder.toString());
  }
}
