package org.spike2former.verify.training;

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
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.autograd.TapeOps;
import org.spike2former.tensor.autograd.TapeOptions;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.folder.FixtureFolder;
import org.spike2former.verify.folder.SyntheticFolder;
import org.spike2former.verify.report.ReportText;

/** Backward in training mode against recordings of the authors' code, and against itself. */
class GradientParityTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
  private static final String RECORDED = "grads_train_f64.safetensors";

  /** A bias in front of a BatchNorm. */
  private static final String ZERO = "grad.backbone.block3.1.mlp.fc2_conv.bias";

  private static final List<Precision> BOTH = List.of(Precision.F64, Precision.F32);

  @ParameterizedTest
  @CsvSource({
    "sdtv2_tiny, 534",
    "sdtv3_tiny, 224",
    "fpn_sdtv2_tiny, 400",
    "fpn_sdtv3_tiny, 200",
  })
  void gradients(String name, int gradients) throws IOException {
    try (Workers one = new Workers(1);
        Workers three = new Workers(3);
        FixtureFolder folder = FixtureFolder.open(FIXTURES.resolve(name))) {
      Function<Precision, TapeOps> scalar =
          type -> Backends.createForTraining(Backend.SCALAR, type, one);
      Function<Precision, TapeOps> recomputing =
          type ->
              Backends.createForTraining(Backend.AUTO, type, one)
                  .with(TapeOptions.DEFAULT.withKeptBytes(0));

      // The second pass of one and the same finds the storage of the first.
      Map<Precision, TapeOps> own = new EnumMap<>(Precision.class);
      Function<Precision, TapeOps> vector =
          type ->
              own.computeIfAbsent(type, t -> Backends.createForTraining(Backend.AUTO, t, three));

      List<Section> sections =
          new GradientParity(folder).run(BOTH, vector, List.of(scalar, recomputing, vector));

      ParityReport report = new ParityReport(name, sections);
      assertThat(report.pass()).as(ReportText.summary(report)).isTrue();
      assertThat(sections).hasSize(8);
      for (Section section : sections) {
        assertThat(section.rows())
            .filteredOn(row -> row.kind() == ComparisonKind.GRADIENT)
            .hasSizeGreaterThanOrEqualTo(gradients);
        assertThat(section.rows()).anyMatch(row -> row.kind() == ComparisonKind.BUFFER);
      }
    }
  }

  private static void copyFixture(Path copy) throws IOException {
    try (var files = Files.list(FIXTURES.resolve("sdtv3_tiny"))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
  }

  private static List<TensorComparison> failures(Path folder, Precision type) throws IOException {
    try (Workers workers = new Workers(2);
        FixtureFolder opened = FixtureFolder.open(folder)) {
      Section section =
          new GradientParity(opened)
              .run(
                  List.of(type),
                  real -> Backends.createForTraining(Backend.AUTO, real, workers),
                  List.of())
              .get(0);
      return section.rows().stream().filter(row -> !row.pass()).toList();
    }
  }

  /** Gradients are linear in those of the outputs, and so is what rounding leaves of zeros. */
  private static void scaleLoss(Path folder, double factor) throws IOException {
    SyntheticFolder.rewrite(
        folder.resolve(RECORDED),
        recorded ->
            recorded.forEach(
                (name, tensor) -> {
                  if (name.startsWith("grad.") || name.startsWith("upstream.")) {
                    scale(tensor, factor);
                  }
                }));
  }

  /** By a power of two, exactly. */
  private static void scale(Tensor tensor, double factor) {
    for (int i = 0; i < tensor.size(); i++) {
      if (tensor.dtype() == DType.F32) {
        tensor.floats()[i] *= (float) factor;
      } else {
        tensor.doubles()[i] *= factor;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0x1p30, 0x1p-30})
  void theScaleOfTheLossDoesNotMatter(double factor, @TempDir Path copy) throws IOException {
    copyFixture(copy);
    scaleLoss(copy, factor);
    for (Precision type : BOTH) {
      assertThat(failures(copy, type)).as("%s", type).isEmpty();
    }
  }

  /** With a small loss, a gradient that should be zero and is not may be small too. */
  @Test
  void aZeroThatIsNoneFailsWhateverTheLoss(@TempDir Path copy) throws IOException {
    copyFixture(copy);
    scaleLoss(copy, 0x1p-30);
    String altered = ZERO;
    SyntheticFolder.rewrite(
        copy.resolve(RECORDED), recorded -> recorded.get(altered).doubles()[1] += 1e-12);
    assertThat(failures(copy, Precision.F64))
        .extracting(TensorComparison::name)
        .containsExactly(altered);
  }

  @Test
  void anAlteredGradientFails(@TempDir Path copy) throws IOException {
    copyFixture(copy);
    String altered = "grad.backbone.downsample1_1.encode_conv.weight";
    SyntheticFolder.rewrite(
        copy.resolve(RECORDED), recorded -> recorded.get(altered).doubles()[17] += 1e-3);
    assertThat(failures(copy, Precision.F64))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.name()).isEqualTo(altered);
              assertThat(row.worst()).containsExactly(0, 0, 2, 3);
            });
  }
}
