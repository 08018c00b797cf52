package org.spike2former.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Difference;
import org.spike2former.verify.compare.Flip;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.folder.FixtureFolder;
import org.spike2former.verify.folder.SyntheticFolder;

/** Folders that are right, and folders and implementations with one thing wrong. */
class ParityRunTest {
  private static final String STEM = "backbone.downsample1_1";
  private static final String FIRST_NEURON = "backbone.ConvBlock1_1.0.Conv.spike1";
  private static final List<Precision> BOTH = List.of(Precision.F64, Precision.F32);

  @TempDir private Path folder;
  private final Workers workers = new Workers(2);

  @AfterEach
  void stopWorkers() {
    workers.close();
  }

  private Ops scalar(Precision type) {
    return Backends.create(Backend.SCALAR, type, workers);
  }

  private ParityReport run(List<Precision> precisions) throws IOException {
    return run(this::scalar, precisions, List.of());
  }

  private ParityReport run(
      Function<Precision, Ops> backend,
      List<Precision> precisions,
      List<Function<Precision, Ops>> others)
      throws IOException {
    try (FixtureFolder fixture = FixtureFolder.open(folder)) {
      return new ParityRun(fixture, backend).run(precisions, others);
    }
  }

  private void rewrite(String file, Consumer<Map<String, Tensor>> edit) throws IOException {
    SyntheticFolder.rewrite(folder.resolve(file), edit);
  }

  private static Section section(ParityReport report, String title) {
    return report.sections().stream()
        .filter(section -> section.title().startsWith(title))
        .findFirst()
        .orElseThrow();
  }

  private static List<TensorComparison> failures(Section section) {
    return section.rows().stream().filter(row -> !row.pass()).toList();
  }

  @Test
  void passesWithTimeStepsAndOddSizes() throws IOException {
    SyntheticFolder.write(folder, _ -> {});

    ParityReport report =
        run(this::scalar, BOTH, List.of(type -> Backends.create(Backend.AUTO, type, workers)));

    assertThat(report.sections())
        .extracting(Section::title)
        .satisfiesExactly(
            title -> assertThat(title).isEqualTo("float64 end to end"),
            title -> assertThat(title).isEqualTo("float32 block by block"),
            title -> assertThat(title).isEqualTo("float32 end to end"),
            title -> assertThat(title).startsWith("against itself, float64: "),
            title -> assertThat(title).startsWith("against itself, float32: "));
    assertThat(report.sections()).allMatch(Section::pass);
    assertThat(report.pass()).isTrue();
    assertThat(report.sections().get(0).spikesCompared()).isGreaterThan(100_000);
    assertThat(report.sections().get(0).worstError()).isZero();
    assertThat(report.sections()).allMatch(section -> section.rows().size() == 235);
  }

  @Test
  void anAlteredWeightFailsWhereItActs() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    rewrite(
        "weights.safetensors",
        weights -> weights.get(STEM + ".encode_conv.weight").floats()[0] += 0.25f);

    ParityReport report = run(BOTH);

    assertThat(report.pass()).isFalse();
    assertThat(failures(section(report, "float32 block by block")))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.name()).isEqualTo(STEM);
              assertThat(row.maxRelError()).isGreaterThan(1e-3);
              assertThat(row.worst()).hasSize(5).startsWith(0).element(2).isEqualTo(0);
            });
    assertThat(failures(section(report, "float64 end to end")))
        .hasSizeGreaterThan(20)
        .first()
        .extracting(TensorComparison::name)
        .isEqualTo(STEM);
  }

  @Test
  void anAlteredSpikeFailsWithItsPlace() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    int[] shape = {2, 3, 2, 11, 19};
    int index = Difference.index(List.of(1, 2, 1, 7, 13), shape);
    rewrite(
        "spikes.safetensors",
        spikes -> {
          assertThat(spikes.get(FIRST_NEURON).shape()).containsExactly(shape);
          byte[] k = spikes.get(FIRST_NEURON).bytes();
          k[index] = (byte) (k[index] == 0 ? 1 : k[index] - 1);
        });

    ParityReport report = run(BOTH);

    for (Section section : report.sections()) {
      assertThat(failures(section))
          .first()
          .satisfies(
              row -> {
                assertThat(row.name()).isEqualTo(FIRST_NEURON);
                assertThat(row.flipped()).isEqualTo(1);
                assertThat(row.nearTies()).isZero();
                assertThat(row.worst()).containsExactly(1, 2, 1, 7, 13);
              });
    }
    assertThat(failures(section(report, "float64"))).hasSize(1);
  }

  @Test
  void aNearTieIsListedAndRepaired() throws IOException {
    double potential = 0.500004;
    SyntheticFolder.write(folder, weights -> holdFirstPotentialAt(weights, potential));

    ParityReport report =
        run(
            type -> type == Precision.F32 ? lowering(potential, scalar(type)) : scalar(type),
            BOTH,
            List.of());

    assertThat(report.pass()).isTrue();
    for (String title : List.of("float32 block by block", "float32 end to end")) {
      Section section = section(report, title);
      assertThat(section.flipped()).isEqualTo(1);
      assertThat(section.nearTies()).isEqualTo(1);
      assertThat(section.flips())
          .singleElement()
          .satisfies(
              flip -> {
                assertThat(flip.neuron()).isEqualTo(FIRST_NEURON);
                assertThat(flip.at()).containsExactly(0, 0, 0, 0, 0);
                assertThat(flip.recorded()).isEqualTo(1);
                assertThat(flip.computed()).isZero();
                assertThat(flip.potential()).isBetween(0.50000399, 0.50000401);
              });
    }
  }

  @Test
  void potentialsOfAWrongFloat64RunDoNotCount() throws IOException {
    SyntheticFolder.write(folder, weights -> holdFirstPotentialAt(weights, 0.500004));

    ParityReport report = run(type -> lowering(0.500004, scalar(type)), BOTH, List.of());

    for (Section section : report.sections()) {
      assertThat(section.pass()).isFalse();
      assertThat(section.flips()).first().extracting(Flip::potential).isNull();
    }
  }

  @Test
  void aFlipAwayFromABoundaryFails() throws IOException {
    SyntheticFolder.write(folder, weights -> holdFirstPotentialAt(weights, 0.50002));

    ParityReport report =
        run(
            type -> type == Precision.F32 ? lowering(0.50002, scalar(type)) : scalar(type),
            BOTH,
            List.of());

    assertThat(section(report, "float64").pass()).isTrue();
    assertThat(failures(section(report, "float32 end to end")))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.name()).isEqualTo(FIRST_NEURON);
              assertThat(row.flipped()).isEqualTo(1);
              assertThat(row.nearTies()).isZero();
              assertThat(row.note()).isEqualTo("1 spikes differ without a near tie");
            });
  }

  /** Channel 0 of the stem gives this number everywhere. */
  private static void holdFirstPotentialAt(Map<String, Tensor> weights, double potential) {
    int fanIn = 3 * 7 * 7;
    Arrays.fill(weights.get(STEM + ".encode_conv.weight").floats(), 0, fanIn, 0);
    weights.get(STEM + ".encode_bn.bias").floats()[0] = (float) potential;
  }

  /** An implementation that fires 0 where it should fire 1, at the first element alone. */
  private static Ops lowering(double potential, Ops ops) {
    return new ForwardingOps(ops) {
      @Override
      public Tensor spikes(Tensor x, int maxSpikes, double scale) {
        Tensor spikes = super.spikes(x, maxSpikes, scale);
        if (Math.abs(x.get(0) - potential) < 1e-7) {
          spikes.bytes()[0] = 0;
        }
        return spikes;
      }
    };
  }

  @Test
  void anotherResultOfAnotherImplementationFails() throws IOException {
    SyntheticFolder.write(folder, weights -> holdFirstPotentialAt(weights, 0.7));
    double[] offset = {0};
    Function<Precision, Ops> shifted =
        type ->
            new ForwardingOps(scalar(type)) {
              @Override
              public Tensor sigmoid(Tensor x) {
                Tensor y = super.sigmoid(x);
                y.floats()[4] = Math.nextUp(y.floats()[4]);
                offset[0]++;
                return y;
              }
            };

    ParityReport report =
        run(
            this::scalar,
            List.of(Precision.F32),
            List.of(type -> lowering(0.7, scalar(type)), shifted));

    assertThat(offset[0]).isEqualTo(1);
    List<Section> sections = report.sections();
    assertThat(failures(sections.get(2)))
        .first()
        .satisfies(
            row -> {
              assertThat(row.name()).isEqualTo(FIRST_NEURON);
              assertThat(row.flipped()).isEqualTo(1);
            });
    assertThat(failures(sections.get(3)))
        .first()
        .satisfies(
            row -> {
              assertThat(row.name()).isEqualTo("decode_head.decoder_out_spike");
              assertThat(row.note()).isEqualTo("same spikes, other bits in the potential");
            });
  }

  @Test
  void aRecordingThatTheNetworkDoesNotHaveFails() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    rewrite(
        "trace_f64.safetensors",
        trace -> trace.put("backbone.block9.0", trace.remove("backbone.block3.0")));

    for (Section section : run(BOTH).sections()) {
      assertThat(failures(section))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.name()).isEqualTo("backbone.block9.0");
                assertThat(row.kind()).isEqualTo(ComparisonKind.TRACE);
                assertThat(row.note()).isEqualTo("recorded, but the network has none");
              });
    }
  }

  @Test
  void aRecordingOfAnotherShapeFails() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    rewrite(
        "io_f64.safetensors",
        io -> io.compute("backbone.x1", (_, x) -> x.reshape(2, 3, 2, 19, 11)));

    for (Section section : run(BOTH).sections()) {
      assertThat(failures(section))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.name()).isEqualTo("backbone.x1");
                assertThat(row.note())
                    .isEqualTo(
                        "backbone.x1: expected shape [2, 3, 2, 11, 19], found [2, 3, 2, 19, 11]");
              });
    }
  }

  @Test
  void impossibleSpikesFail() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    rewrite("spikes.safetensors", spikes -> spikes.get(FIRST_NEURON).bytes()[3] = (byte) 200);

    for (Section section : run(BOTH).sections()) {
      assertThat(failures(section))
          .singleElement()
          .extracting(TensorComparison::note)
          .asString()
          .endsWith("spikes.safetensors: " + FIRST_NEURON + ": expected spikes in 0…4, found 200");
    }
  }

  @Test
  void notANumberFailsWhereItArises() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    Files.delete(folder.resolve("trace_f64.safetensors"));

    ParityReport report = run(type -> breaking(scalar(type)), BOTH, List.of());

    for (Section section : report.sections()) {
      assertThat(failures(section))
          .extracting(TensorComparison::name)
          .startsWith(STEM, FIRST_NEURON + " (potential)");
      assertThat(failures(section))
          .first()
          .extracting(TensorComparison::note)
          .isEqualTo("NaN or infinite at element 1");
    }
  }

  /** An implementation whose first layer gives NaN at element 1. */
  private static Ops breaking(Ops ops) {
    return new ForwardingOps(ops) {
      @Override
      public Tensor layer(Tensor x, WeightLayer layer) {
        Tensor y = super.layer(x, layer);
        if (layer.name().startsWith(STEM)) {
          y = y.to(DType.F64);
          y.doubles()[1] = Double.NaN;
        }
        return y.to(precision().type());
      }
    };
  }

  @Test
  void aRecordingThatIsNotANumberFails() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    rewrite("io_f64.safetensors", io -> io.get("seg_logits").doubles()[5] = Double.NaN);

    for (Section section : run(BOTH).sections()) {
      assertThat(failures(section))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.name()).isEqualTo("seg_logits");
                assertThat(row.worst()).containsExactly(0, 0, 0, 5);
                assertThat(row.note()).isEqualTo("NaN or infinite");
              });
    }
  }

  @Test
  void whatTheFolderLacksIsLeftOut() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    for (String file : List.of("spikes", "trace_f64")) {
      Files.delete(folder.resolve(file + ".safetensors"));
    }
    Files.move(folder.resolve("io_f64.safetensors"), folder.resolve("io_f32.safetensors"));

    ParityReport report = run(BOTH);

    assertThat(report.pass()).isTrue();
    assertThat(report.sections())
        .singleElement()
        .satisfies(
            section -> {
              assertThat(section.title()).isEqualTo("float32 end to end");
              assertThat(section.rows()).allMatch(row -> row.kind() == ComparisonKind.OUTPUT_F32);
            });
    assertThat(run(List.of(Precision.F64)).pass()).isFalse();
  }

  @Test
  void weightsThatDoNotFitAreNamed() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    String name = "backbone.downsample2.encode_conv.weight";
    rewrite("weights.safetensors", weights -> weights.compute(name, (_, x) -> x.reshape(8, 36)));

    assertThatThrownBy(() -> run(BOTH))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("weights.safetensors")
        .hasMessageContaining(name)
        .hasMessageContaining("[8, 4, 3, 3]")
        .hasMessageContaining("[8, 36]");

    rewrite("weights.safetensors", weights -> weights.remove(name));
    assertThatThrownBy(() -> run(BOTH))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("weights.safetensors")
        .hasMessageContaining(name);
  }

  @Test
  void truncatedFilesAreNamed() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    for (String name : List.of("io_f64", "trace_f64", "spikes", "weights")) {
      Path file = folder.resolve(name + ".safetensors");
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(whole, whole.length - 5));

      assertThatThrownBy(() -> run(BOTH))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining(file.toString());
      Files.write(file, whole);
    }
    assertThat(run(BOTH).pass()).isTrue();
  }

  @Test
  void checkpointsAreComparedBitByBit() throws IOException {
    SyntheticFolder.write(folder, _ -> {});
    Path pth = folder.resolve("weights.pth");
    Files.copy(folder.resolve("weights.safetensors"), pth);
    assertThat(section(run(List.of(Precision.F32)), "checkpoint").pass()).isTrue();

    rewrite(
        "weights.pth",
        weights -> {
          weights.get("decode_head.w").floats()[0] = Math.nextUp(1f);
          weights.put("extra", weights.get("decode_head.w"));
          weights.remove("decode_head.cls_embed.bias");
        });

    assertThat(failures(section(run(List.of(Precision.F32)), "checkpoint")))
        .extracting(TensorComparison::name)
        .containsExactlyInAnyOrder("decode_head.w", "extra", "decode_head.cls_embed.bias");
  }
}
