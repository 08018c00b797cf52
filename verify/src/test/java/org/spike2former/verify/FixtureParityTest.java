package org.spike2former.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.folder.FixtureFolder;
import org.spike2former.verify.report.ReportText;

/**
 * The networks against recordings of the authors' code, and of a reference that was checked against
 * it, in both precisions and on both backends.
 */
class FixtureParityTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
  private static final Path CAMVID = Path.of("../models/camvid-small/weights.safetensors");
  private static final List<Precision> BOTH = List.of(Precision.F64, Precision.F32);

  @ParameterizedTest
  @CsvSource({
    "sdtv2_tiny, 1227776",
    "sdtv3_tiny, 1630208",
    "fpn_sdtv2_tiny, 66112",
    "fpn_sdtv3_tiny, 90048",
  })
  void wholeNetworks(String name, long spikes) throws IOException {
    try (Workers one = new Workers(1);
        Workers three = new Workers(3);
        FixtureFolder folder = FixtureFolder.open(FIXTURES.resolve(name))) {
      Function<Precision, Ops> scalar = type -> Backends.create(Backend.SCALAR, type, one);

      ParityReport report =
          new ParityRun(folder, type -> Backends.create(Backend.AUTO, type, three))
              .run(BOTH, List.of(scalar));

      assertThat(report.pass()).as(ReportText.summary(report)).isTrue();
      assertThat(report.sections()).hasSize(5);
      for (Section section : report.sections()) {
        assertThat(section.spikesCompared()).isEqualTo(spikes);
        assertThat(section.flipped()).isZero();
      }
    }
  }

  /** A trained network, in which potentials of exactly k + ½ occur. */
  @Test
  void exactTies() throws IOException {
    try (Workers workers = new Workers(2);
        FixtureFolder folder = FixtureFolder.open(FIXTURES.resolve("camvid_small"), CAMVID)) {
      ParityReport report =
          new ParityRun(folder, type -> Backends.create(Backend.AUTO, type, workers))
              .run(BOTH, List.of());

      assertThat(report.pass()).as(ReportText.summary(report)).isTrue();
      assertThat(report.sections())
          .hasSize(3)
          .allMatch(section -> section.spikesCompared() == 147200);
    }
  }

  @Test
  void roundingHalfUpFails() throws IOException {
    try (Workers workers = new Workers(2);
        FixtureFolder folder = FixtureFolder.open(FIXTURES.resolve("camvid_small"), CAMVID)) {
      ParityReport report =
          new ParityRun(folder, type -> halfUp(Backends.create(Backend.AUTO, type, workers)))
              .run(List.of(Precision.F64), List.of());

      assertThat(report.pass()).isFalse();
      assertThat(report.sections().get(0).rows())
          .filteredOn(row -> row.kind() == ComparisonKind.SPIKES)
          .first()
          .satisfies(
              row -> {
                assertThat(row.name()).isEqualTo("backbone.block3.0.attn.attn_spike");
                assertThat(row.flipped()).isEqualTo(34);
              });
    }
  }

  private static Ops halfUp(Ops ops) {
    return new ForwardingOps(ops) {
      @Override
      public Tensor spikes(Tensor x, int maxSpikes, double scale) {
        byte[] k = new byte[x.size()];
        for (int i = 0; i < k.length; i++) {
          k[i] = (byte) Math.floor(Math.clamp(x.get(i), 0, maxSpikes) + 0.5);
        }
        return Tensor.spikes(k, scale, x.shape());
      }
    };
  }
}
