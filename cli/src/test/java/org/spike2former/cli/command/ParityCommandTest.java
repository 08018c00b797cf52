package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;
import org.w3c.dom.Document;

class ParityCommandTest {
  private static final Path FIXTURES = InProcess.ROOT.resolve("verify/src/test/resources/fixtures");

  @TempDir private Path folder;

  @Test
  void bothBackbonesPass() throws IOException {
    Run run =
        InProcess.run("parity", FIXTURES.resolve("sdtv2_tiny"), FIXTURES.resolve("sdtv3_tiny"));
    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(run.out())
        .contains("float64 end to end", "float32 block by block", "float32 end to end")
        .contains("against itself");
    assertThat(run.out().strip()).endsWith("sdtv3_tiny: pass");
  }

  @Test
  void withoutFoldersTheSampleIsCompared() {
    Run run = InProcess.run("parity");
    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(run.out().lines().findFirst())
        .hasValueSatisfying(
            line -> assertThat(line).contains("parity-tiny: pass, ").endsWith(" comparisons"));
    assertThat(run.out()).doesNotContain(" trace ").endsWith("parity-tiny: pass\n");
    assertThat(run.out().lines().count()).isLessThan(12);
    assertThat(InProcess.run("parity", "-v").out()).contains("pass trace ");
    assertThat(InProcess.run("parity", "--quiet").out().lines()).hasSize(1);
  }

  private void copyFixture() throws IOException {
    try (Stream<Path> files = Files.list(FIXTURES.resolve("sdtv2_tiny"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName().toString()));
      }
    }
  }

  /** The last weight of the file scales the head's shortcut, which only a neuron sees. */
  @Test
  void theReportNamesTheFirstDifferenceOfALastBit() throws Exception {
    copyFixture();
    Files.delete(folder.resolve("grads_train_f64.safetensors"));
    Path weights = folder.resolve("weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 4] ^= 1;
    Files.write(weights, bytes);

    Run run =
        InProcess.run(
            "parity",
            folder,
            "--precision",
            "f64",
            "--tolerance",
            "loose",
            "--report",
            folder.resolve("report.html"),
            "--junit",
            folder.resolve("report.xml"));

    assertThat(run.code()).as(run.out() + run.err()).isZero();
    String first = "first difference: decode_head.mask_embed_spike (potential mean), float64 block";
    assertThat(run.out()).contains(first);
    assertThat(folder.resolve("report.html"))
        .content()
        .contains("<b>First difference:</b> decode_head.mask_embed_spike (potential mean)")
        .contains("s2f parity", "--tolerance loose", "SHA-256 of weights.safetensors");
    Document xml =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(folder.resolve("report.xml").toFile());
    assertThat(xml.getElementsByTagName("testsuite").getLength()).isEqualTo(3);
    assertThat(xml.getElementsByTagName("failure").getLength()).isZero();
  }

  @Test
  void aReportThatCannotBeWrittenIsRefusedAtOnce() throws IOException {
    for (String option : new String[] {"--report", "--junit"}) {
      Run run =
          InProcess.run(
              "parity", FIXTURES.resolve("sdtv2_tiny"), option, folder.resolve("none/report"));
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.errorLines()).singleElement().asString().contains("its folder does not exist");
    }
  }

  @Test
  void anUnknownToleranceIsBadInput() throws IOException {
    Run run = InProcess.run("parity", folder, "--tolerance", "lax");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().contains("lax", "strict");
  }

  @Test
  void anAlteredWeightFailsWithCodeOne() throws IOException {
    copyFixture();
    Path weights = folder.resolve("weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    // The highest bit of a mantissa: of the exponent, it would make a weight that is refused.
    bytes[bytes.length - 2] ^= 0x40;
    Files.write(weights, bytes);
    Run run = InProcess.run("parity", folder, "--precision", "f64", "--json");
    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.errorLines()).isEmpty();
    assertThat(run.out().strip()).startsWith("[").endsWith("]").contains("\"pass\" : false");
  }

  @Test
  void aFolderWithoutWeightsIsBadInput() throws IOException {
    Run run = InProcess.run("parity", folder);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).hasSize(1);
    assertThat(run.errorLines().get(0)).contains(folder.toString());
  }
}
