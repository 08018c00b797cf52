package org.spike2former.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.snn.spikedriven.IntegerOps;
import org.spike2former.snn.spikedriven.SpikeDrivenOps;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

/** Spike-driven inference against recordings of the authors' code and against integer inference. */
class SpikeDrivenParityTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures");

  @ParameterizedTest
  @CsvSource({"sdtv2_tiny, 8, 1227776", "sdtv3_tiny, 8, 1630208"})
  void float64(String name, int steps, long spikes) throws IOException {
    try (Workers one = new Workers(1);
        Workers three = new Workers(3);
        FixtureFolder folder = FixtureFolder.open(FIXTURES.resolve(name))) {

      ParityReport report =
          new ParityRun(
                  folder,
                  type -> new SpikeDrivenOps(Backends.create("auto", type, three), steps, three))
              .run(
                  List.of(DType.F64),
                  List.of(
                      type -> new SpikeDrivenOps(Backends.create("scalar", type, one), steps, one),
                      type -> new IntegerOps(Backends.create("auto", type, one), steps)));

      assertThat(report.pass()).as(ReportText.summary(report)).isTrue();
      for (Section section : report.sections()) {
        System.out.println(
            section.title() + " " + section.spikesCompared() + " " + section.flipped());
        for (Row row : section.rows())
          if (!row.name().contains(".") || !row.pass()) System.out.println(row);
      }
    }
  }
}
