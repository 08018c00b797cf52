package org.spike2former.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.autograd.TapeOps;
import org.spike2former.tensor.autograd.TapeOptions;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

/** Backward in training mode against recordings of the authors' code, and against itself. */
class GradientParityTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
  private static final List<DType> BOTH = List.of(DType.F64, DType.F32);

  @ParameterizedTest
  @CsvSource({"sdtv2_tiny, 534", "sdtv3_tiny, 224"})
  void gradients(String name, int gradients) throws IOException {
    try (Workers one = new Workers(1);
        Workers three = new Workers(3);
        FixtureFolder folder = FixtureFolder.open(FIXTURES.resolve(name))) {
      Function<DType, TapeOps> scalar = type -> Backends.createForTraining("scalar", type, one);
      Function<DType, TapeOps> recomputing =
          type ->
              Backends.createForTraining("auto", type, one)
                  .with(TapeOptions.DEFAULT.withKeptBytes(0));

      // The second pass of one and the same finds the storage of the first.
      Map<DType, TapeOps> own = new EnumMap<>(DType.class);
      Function<DType, TapeOps> vector =
          type -> own.computeIfAbsent(type, t -> Backends.createForTraining("auto", t, three));

      List<Section> sections =
          new GradientParity(folder).run(BOTH, vector, List.of(scalar, recomputing, vector));

      ParityReport report = new ParityReport(name, sections);
      assertThat(report.pass()).as(ReportText.summary(report)).isTrue();
      assertThat(sections).hasSize(8);
      for (Section section : sections) {
        assertThat(section.rows())
            .filteredOn(row -> row.kind() == Kind.GRADIENT)
            .hasSizeGreaterThanOrEqualTo(gradients);
        assertThat(section.rows()).anyMatch(row -> row.kind() == Kind.BUFFER);
      }
    }
  }

  @Test
  void anAlteredGradientFails(@TempDir Path copy) throws IOException {
    Path original = FIXTURES.resolve("sdtv3_tiny");
    try (var files = Files.list(original)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    String altered = "grad.backbone.downsample1_1.encode_conv.weight";
    SyntheticFolder.rewrite(
        copy.resolve("grads_train_f64.safetensors"),
        recorded -> recorded.get(altered).doubles()[17] += 1e-3);
    try (Workers workers = new Workers(2);
        FixtureFolder folder = FixtureFolder.open(copy)) {
      Section section =
          new GradientParity(folder)
              .run(
                  List.of(DType.F64),
                  type -> Backends.createForTraining("auto", type, workers),
                  List.of())
              .get(0);

      assertThat(section.rows())
          .filteredOn(row -> !row.pass())
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.name()).isEqualTo(altered);
                assertThat(row.worst()).containsExactly(0, 0, 2, 3);
              });
    }
  }
}
