package org.spike2former.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.model.weights.ModelWeights;
import org.spike2former.snn.spikedriven.BinaryMaps;
import org.spike2former.snn.spikedriven.DeploymentOps;
import org.spike2former.snn.spikedriven.IntegerOps;
import org.spike2former.snn.spikedriven.OperationCounts;
import org.spike2former.snn.spikedriven.OperationKind;
import org.spike2former.snn.spikedriven.SpikeDrivenOps;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.folder.FixtureFolder;
import org.spike2former.verify.folder.Layouts;
import org.spike2former.verify.folder.RecordedFile;
import org.spike2former.verify.report.ReportText;

/** Spike-driven inference against recordings of the authors' code and against integer inference. */
class SpikeDrivenParityTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
  private static final Path CAMVID = Path.of("../models/camvid-small/weights.safetensors");

  /** What acts on real potentials in the network too. */
  private static final Set<OperationKind> REAL =
      EnumSet.of(
          OperationKind.REAL_FED,
          OperationKind.LAYER_SCALE,
          OperationKind.SAMPLING,
          OperationKind.RESIZE,
          OperationKind.SIGMOID,
          OperationKind.PREDICTION);

  private static Workers one;
  private static Workers three;

  @BeforeAll
  static void start() {
    one = new Workers(1);
    three = new Workers(3);
  }

  @AfterAll
  static void stop() {
    one.close();
    three.close();
  }

  private static FixtureFolder open(String name) throws IOException {
    Path folder = FIXTURES.resolve(name);
    return name.equals("camvid_small")
        ? FixtureFolder.open(folder, CAMVID)
        : FixtureFolder.open(folder);
  }

  private static int steps(ModelConfig config) {
    return Math.max(config.backbone().neuron().maxSpikes(), config.head().neuron().maxSpikes());
  }

  private static DeploymentOps spikes(Precision type, ModelConfig config, Workers workers) {
    return new SpikeDrivenOps(
        Backends.create(Backend.AUTO, type, workers), steps(config), Backend.AUTO, workers);
  }

  private static DeploymentOps integers(Precision type, ModelConfig config) {
    return new IntegerOps(Backends.create(Backend.AUTO, type, one), steps(config));
  }

  /**
   * 0 differing spikes; outputs within 1e-12, blocks within 1e-12 of the recorded tensor's largest
   * magnitude; integer inference on another number of threads gives the same bits.
   */
  @ParameterizedTest
  @CsvSource({
    "sdtv2_tiny, 1227776",
    "sdtv3_tiny, 1630208",
    "camvid_small, 147200",
    "fpn_sdtv2_tiny, 66112"
  })
  void float64(String name, long spikes) throws IOException {
    try (FixtureFolder folder = open(name)) {
      ModelConfig config = folder.config();
      ParityReport report =
          new ParityRun(folder, type -> spikes(type, config, three))
              .run(List.of(Precision.F64), List.of(type -> integers(type, config)));

      assertThat(report.pass()).as(ReportText.summary(report)).isTrue();
      assertThat(report.sections()).hasSizeGreaterThanOrEqualTo(2);
      for (Section section : report.sections().subList(0, 2)) {
        assertThat(section.flipped()).isZero();
      }
      Section recorded = report.sections().get(0);
      assertThat(recorded.spikesCompared()).isEqualTo(spikes);
      for (TensorComparison row : recorded.rows()) {
        if (row.kind()
            != ComparisonKind.POTENTIAL) { // means over a map, small compared with what they sum
          assertThat(row.maxRelError()).as(row.name()).isLessThan(1e-12);
        }
        if (row.kind() == ComparisonKind.OUTPUT) {
          assertThat(row.maxAbsError()).as(row.name()).isLessThan(1e-12);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sdtv2_tiny", "sdtv3_tiny"})
  void nothingThatANeuronFeedsMultiplies(String name) throws IOException {
    try (FixtureFolder folder = open(name)) {
      DeploymentOps spikes = spikes(Precision.F64, folder.config(), three);
      run(spikes, folder);
      OperationCounts counts = spikes.counts();
      for (OperationKind kind :
          List.of(OperationKind.NEURON_FED, OperationKind.ATTENTION, OperationKind.MASKS)) {
        assertThat(counts.additions(kind)).as(kind.label()).isPositive();
      }
      for (OperationKind kind : EnumSet.complementOf(EnumSet.copyOf(REAL))) {
        assertThat(counts.multiplications(kind)).as(kind.label()).isZero();
      }

      DeploymentOps integers = integers(Precision.F64, folder.config());
      run(integers, folder);
      for (OperationKind kind : OperationKind.values()) {
        long multiplied = integers.counts().multiplications(kind);
        if (REAL.contains(kind)) {
          assertThat(multiplied).isPositive().isEqualTo(counts.multiplications(kind));
        } else {
          assertThat(counts.additions(kind))
              .as(kind.label())
              .isLessThanOrEqualTo(integers.counts().additions(kind) * steps(folder.config()));
        }
      }
      assertThat(integers.counts().multiplications(OperationKind.NEURON_FED)).isPositive();
      assertThat(integers.counts().multiplications(OperationKind.ATTENTION)).isPositive();
    }
  }

  /**
   * The firing rate measured in training form, mean(k)/D of what the authors' code recorded, is
   * that of the T·D binary maps that spike-driven inference runs on, in every neuron layer.
   */
  @ParameterizedTest
  @ValueSource(strings = {"sdtv2_tiny", "sdtv3_tiny"})
  void firingRatesOfTrainingFormHoldForSpikes(String name) throws IOException {
    try (FixtureFolder folder = open(name)) {
      Map<String, Tensor> emitted = new LinkedHashMap<>();
      run(recorder(spikes(Precision.F64, folder.config(), three), emitted), folder);
      RecordedFile recorded = folder.recorded(ComparisonKind.SPIKES).get(0);
      assertThat(emitted.keySet()).containsExactlyInAnyOrderElementsOf(recorded.names());
      for (Map.Entry<String, Tensor> layer : emitted.entrySet()) {
        ModelConfig config = folder.config();
        int steps =
            layer.getKey().startsWith("backbone.")
                ? config.backbone().neuron().maxSpikes()
                : config.head().neuron().maxSpikes();
        Tensor k = recorded.readSpikes(layer.getKey(), steps);
        long sum = 0;
        for (byte spike : k.bytes()) {
          sum += spike;
        }
        BinaryMaps maps = BinaryMaps.of(layer.getValue(), steps);
        assertThat(maps.ones()).as(layer.getKey()).isEqualTo(sum);
        assertThat(maps.firingRate())
            .as(layer.getKey())
            .isCloseTo((double) sum / k.size() / steps, offset(1e-15));
      }
    }
  }

  /** T = 2 and a membrane that decays: more than the release has. */
  @Test
  void severalTimeStepsWithMemory(@TempDir Path temp) throws IOException {
    try (FixtureFolder folder = open("sdtv2_tiny")) {
      ObjectMapper json = new ObjectMapper();
      ObjectNode tree = (ObjectNode) json.readTree(folder.path().resolve("model.json").toFile());
      ((ObjectNode) tree.get("backbone")).put("time_steps", 2);
      for (String part : List.of("backbone", "head")) {
        ((ObjectNode) tree.get(part).get("neuron")).put("decay", 0.25);
      }
      Path file = temp.resolve("model.json");
      Files.write(file, json.writeValueAsBytes(tree));
      ModelConfig config = ModelConfig.read(file);
      Spike2Former network = new Spike2Former(config);
      ModelWeights.load(network.parameters(), folder.weights(), false);

      Map<String, Tensor> plain = new LinkedHashMap<>();
      Map<String, Tensor> driven = new LinkedHashMap<>();
      run(recorder(Backends.create(Backend.AUTO, Precision.F64, one), plain), network, folder);
      DeploymentOps ops = spikes(Precision.F64, config, three);
      Tensor logits = run(recorder(ops, driven), network, folder);

      assertThat(differing(plain, driven)).isZero();
      assertThat(logits.bitEquals(run(integers(Precision.F64, config), network, folder))).isTrue();
      assertThat(ops.counts().multiplications(OperationKind.NEURON_FED)).isZero();
      assertThat(ops.counts().multiplications(OperationKind.MEMBRANES)).isPositive();
    }
  }

  /** In float32 the order of additions matters; what it comes to is the same on every machine. */
  @ParameterizedTest
  @CsvSource({"sdtv2_tiny, 0", "sdtv3_tiny, 0"})
  void float32(String name, long expected) throws IOException {
    try (FixtureFolder folder = open(name)) {
      Map<String, Tensor> integer = new LinkedHashMap<>();
      Map<String, Tensor> driven = new LinkedHashMap<>();
      run(recorder(integers(Precision.F32, folder.config()), integer), folder);
      run(recorder(spikes(Precision.F32, folder.config(), three), driven), folder);
      assertThat(differing(integer, driven)).isEqualTo(expected);
    }
  }

  private static long differing(Map<String, Tensor> a, Map<String, Tensor> b) {
    assertThat(a.keySet()).isEqualTo(b.keySet()).isNotEmpty();
    long differing = 0;
    for (Map.Entry<String, Tensor> layer : a.entrySet()) {
      byte[] own = layer.getValue().bytes();
      byte[] other = b.get(layer.getKey()).bytes();
      int at = Arrays.mismatch(own, other);
      for (int i = Math.max(0, at); at >= 0 && i < own.length; i++) {
        differing += own[i] == other[i] ? 0 : 1;
      }
    }
    return differing;
  }

  /** Keeps every neuron layer's spikes. */
  private static Ops recorder(Ops ops, Map<String, Tensor> spikes) {
    return new ForwardingOps(ops) {
      @Override
      public Tensor observeSpikes(String neuron, Tensor potential, Tensor fired) {
        spikes.put(neuron, fired);
        return fired;
      }
    };
  }

  private static Tensor run(Ops ops, FixtureFolder folder) {
    try {
      Spike2Former network = new Spike2Former(folder.config());
      ModelWeights.load(network.parameters(), folder.weights(), false);
      return run(ops, network, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Tensor run(Ops ops, Spike2Former network, FixtureFolder folder) {
    Layouts layouts = new Layouts(1, folder.input().dim(0));
    Tensor input = layouts.toModel("input", folder.input()).to(ops.precision().type());
    ops.beginRun(false);
    Spike2Former.Prediction prediction = network.predictAllStates(ops, input);
    return network.semanticLogits(ops, prediction, input.dim(0), input.dim(1), input.dim(2));
  }
}
