package org.spike2former.verify.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.verify.Engine;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.ParityRun;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.compare.Tolerances;
import org.spike2former.verify.report.ReportText;

/** Dumps against recordings of the authors' code, and against each other. */
class DumpTest {
  private static final Path FIXTURE = Path.of("src/test/resources/fixtures/sdtv3_tiny");

  @TempDir private Path folder;
  private final Workers workers = new Workers(2);

  @AfterEach
  void stopWorkers() {
    workers.close();
  }

  private Path dump(Path model, Tensor input, String name) throws IOException {
    Path target = folder.resolve(name);
    new Dump(model, input, Engine.of(Backend.AUTO, workers).inference()).write(target);
    return target;
  }

  private static Tensor input(Path fixture) throws IOException {
    try (FixtureFolder opened = FixtureFolder.open(fixture)) {
      return opened.input();
    }
  }

  @Test
  void namesShapesTypesAndNumbersAreThoseOfTheRecordings() throws IOException {
    Path dump = dump(FIXTURE, input(FIXTURE), "dump");

    ParityReport report = new FolderDiff(FIXTURE, dump, Tolerances.STRICT, false).run();

    assertThat(report.sections())
        .extracting(Section::title)
        .containsExactly("float64", "weights", "files");
    // Of these recordings some blocks are left out.
    assertThat(report.sections().get(0).rows())
        .filteredOn(row -> !row.pass())
        .allSatisfy(row -> assertThat(row.note()).startsWith("not in " + FIXTURE));
    assertThat(report.sections().get(0).rows())
        .filteredOn(row -> row.pass() && row.kind() == ComparisonKind.TRACE)
        .hasSizeGreaterThan(20);
    assertThat(report.sections().get(0).rows())
        .filteredOn(row -> row.pass() && row.kind() == ComparisonKind.POTENTIAL)
        .hasSize(194);
    assertThat(report.sections().get(0).spikesCompared()).isEqualTo(1_630_208);
    assertThat(report.sections().get(2).rows())
        .extracting(TensorComparison::note)
        .contains("only in " + dump + ", not compared");
  }

  @Test
  void parityPassesOnADumpOfSeveralImagesAndTimeSteps() throws IOException {
    Path model = Files.createDirectory(folder.resolve("model"));
    SyntheticFolder.write(model, _ -> {});
    Path dump = dump(model, input(model), "dump");

    try (FixtureFolder fixture = FixtureFolder.open(dump)) {
      ParityReport report =
          new ParityRun(fixture, Engine.of(Backend.SCALAR, workers).inference())
              .run(List.of(Precision.F64, Precision.F32), List.of());
      assertThat(report.pass()).as(ReportText.summary(report)).isTrue();
      assertThat(report.sections()).hasSize(3);
      assertThat(report.sections().get(0).worstError()).isZero();
    }
  }

  @Test
  void aFolderInUseIsLeftAlone() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    Dump dump = new Dump(folder, input(folder), Engine.of(Backend.AUTO, workers).inference());
    assertThatThrownBy(() -> dump.write(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("is not empty");
    assertThatThrownBy(() -> dump.write(folder.resolve("model.json")))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("is a file");
  }

  @Test
  void aFolderMayBeNamedByADot() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    Path empty = Files.createDirectory(folder.resolve("empty"));
    dump(folder, input(folder), "empty/.");
    assertThat(empty.resolve("io_f64.safetensors")).exists();
  }

  @Test
  void aRunThatFailsLeavesNothing() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    Dump dump =
        new Dump(
            folder,
            input(folder),
            _ -> {
              throw new IllegalStateException("no such backend");
            });
    long before = count();
    assertThatThrownBy(() -> dump.write(folder.resolve("new")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(count()).isEqualTo(before);
  }

  private long count() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void inputsThatAreNoImagesAreRefused() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    Tensor four = Tensor.zeros(DType.F32, 1, 4, 32, 32);
    assertThatThrownBy(() -> dump(folder, four, "d"))
        .hasMessage("input: expected shape [B, 3, H, W], found [1, 4, 32, 32]");
    Tensor bad = Tensor.zeros(DType.F32, 1, 3, 32, 32);
    bad.floats()[7] = Float.NaN;
    assertThatThrownBy(() -> dump(folder, bad, "d"))
        .hasMessage("input: NaN or infinite at element 7");
  }
}
