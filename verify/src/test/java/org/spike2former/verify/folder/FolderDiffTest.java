package org.spike2former.verify.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.compare.Tolerances;
import org.spike2former.verify.report.ReportText;

class FolderDiffTest {
  private static final String STEM = "backbone.downsample1_1";
  private static final String LATER = "backbone.block3.0";
  private static final String NEURON = "backbone.ConvBlock1_1.0.Conv.spike1";

  @TempDir private Path a;
  @TempDir private Path b;

  @BeforeEach
  void write() throws IOException {
    SyntheticFolder.write(a, _ -> {});
    SyntheticFolder.write(b, _ -> {});
  }

  private ParityReport diff(Tolerances tolerances) throws IOException {
    return new FolderDiff(a, b, tolerances, true).run();
  }

  private static double nudge(double x) {
    return x + Math.ulp(x);
  }

  @Test
  void equalFoldersPass() throws IOException {
    ParityReport report = diff(null);
    assertThat(report.pass()).as(ReportText.summary(report)).isTrue();
    assertThat(report.firstDifference()).isNull();
  }

  /** By name, the later of these two would come first. */
  @Test
  void theFirstInTheOrderOfTheNetworkIsNamed() throws IOException {
    SyntheticFolder.rewrite(
        b.resolve("trace_f64.safetensors"),
        trace -> {
          trace.get(LATER).doubles()[3] += 1e-3;
          trace.get(STEM).doubles()[5] = nudge(trace.get(STEM).doubles()[5]);
        });

    ParityReport bits = diff(null);
    ParityReport close = diff(Tolerances.DEFAULT);

    assertThat(bits.pass()).isFalse();
    assertThat(bits.firstDifference().row().name()).isEqualTo(STEM);
    assertThat(bits.firstDifference().row().worst()).containsExactly(0, 0, 0, 0, 5);
    assertThat(bits.sections().get(0).rows())
        .filteredOn(row -> !row.pass())
        .extracting(TensorComparison::name)
        .containsExactly(STEM, LATER);
    assertThat(close.firstDifference().row().name()).isEqualTo(LATER);
    assertThat(close.sections().get(0).failures()).isEqualTo(1);
  }

  @Test
  void differingSpikesAreCountedAndPlaced() throws IOException {
    SyntheticFolder.rewrite(
        b.resolve("spikes.safetensors"), spikes -> spikes.get(NEURON).bytes()[19] ^= 1);

    for (Tolerances tolerances : new Tolerances[] {null, Tolerances.LOOSE}) {
      ParityReport report = diff(tolerances);
      assertThat(report.pass()).isFalse();
      assertThat(report.firstDifference().row().name()).isEqualTo(NEURON);
      assertThat(report.firstDifference().row().worst()).containsExactly(0, 0, 0, 1, 0);
      assertThat(report.sections().get(0).flips()).hasSize(1);
    }
  }

  @Test
  void weightsAndConfigurationsAreCompared() throws IOException {
    SyntheticFolder.rewrite(
        b.resolve("weights.safetensors"),
        weights -> weights.get("decode_head.w").floats()[0] = Math.nextUp(1f));
    Path config = b.resolve("model.json");
    Files.writeString(config, Files.readString(config).replace("\"alpha\": 4", "\"alpha\": 2"));

    assertThat(diff(null).sections())
        .filteredOn(section -> !section.pass())
        .extracting(Section::title)
        .containsExactly("weights", "files");
    assertThat(ReportText.summary(diff(null)).lines().skip(1).limit(2))
        .containsExactly(
            "1 of 1125 weights differ: decode_head.w (1.2e-07)",
            "model.json: another network: head.alpha: 4 and 2");
    assertThat(diff(null).firstDifference().row().name()).isEqualTo("decode_head.w");
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path none = b.resolve("none");
    assertThatThrownBy(() -> new FolderDiff(a, none, null, false))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(none + ": no such model folder");
  }

  @Test
  void foldersWithoutAnythingInCommonAreRefused() throws IOException {
    for (String file : new String[] {"io_f64", "trace_f64", "spikes"}) {
      Files.delete(b.resolve(file + ".safetensors"));
    }
    assertThatThrownBy(() -> diff(null))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("has no recordings in common with");
  }
}
