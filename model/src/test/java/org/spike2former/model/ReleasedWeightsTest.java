package org.spike2former.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Network;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.model.network.TinyModel;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.snn.spikedriven.IntegerOps;
import org.spike2former.snn.spikedriven.SpikeDrivenOps;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.io.Safetensors;
import org.spike2former.tensor.layer.FoldedWeights;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightType;

/** Whatever needs weights after they were packed and released has those of the file, or says so. */
class ReleasedWeightsTest {
  /** Notes down the layers. */
  private static final class LayerLog extends ForwardingOps {
    private final Map<String, WeightLayer> layers = new LinkedHashMap<>();

    LayerLog(Ops ops) {
      super(ops);
    }

    @Override
    public Tensor layer(Tensor x, WeightLayer layer) {
      layers.put(layer.name(), layer);
      return super.layer(x, layer);
    }
  }

  private final ModelConfig config = TinyModel.config("sdtv2", 1, 0);
  private final Tensor image = image(40, 33);

  @TempDir Path folder;
  private Network whole;
  private Network released;

  private static Tensor image(int height, int width) {
    SplittableRandom random = new SplittableRandom(5);
    float[] pixels = new float[height * width * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-2, 2);
    }
    return Tensor.of(pixels, 1, height, width, 3);
  }

  /** Ways to compute, by name. */
  private Ops ops(String way, Workers workers) {
    Backend vector = Backend.VECTOR;
    int d = config.maxSpikes();
    return switch (way) {
      case "scalar", "vector" -> Backends.create(Backend.of(way), Precision.F32, workers);
      case "float64" -> Backends.create(vector, Precision.F64, workers);
      case "int8" -> Backends.create(vector, Precision.F32, WeightType.INT8, workers);
      case "cold" ->
          Backends.createForColdStart(Backend.AUTO, Precision.F32, WeightType.FLOAT, workers);
      case "integer" -> new IntegerOps(Backends.create(vector, Precision.F64, workers), d);
      case "spikes" ->
          new SpikeDrivenOps(Backends.create(vector, Precision.F64, workers), d, vector, workers);
      case "training" -> Backends.createForTraining(vector, Precision.F32, workers);
      default -> throw new AssertionError(way);
    };
  }

  private Tensor logits(Network network, String way) {
    try (Workers workers = new Workers(2)) {
      Ops ops = ops(way, workers);
      Tensor x = ops.precision() == Precision.F64 ? image.to(ops.precision().type()) : image;
      return network.logits(ops, x).copy();
    }
  }

  @BeforeEach
  void runOnce() throws IOException {
    Network source = new Spike2Former(config);
    Initialiser.fill(source.parameters(), 3);
    Safetensors.write(
        folder.resolve("weights.safetensors"), source.parameters().values(), Map.of());
    whole = ModelFolder.load(folder, config, null, false);
    released = ModelFolder.loadForInference(folder, config, null, false);
    assertThat(logits(released, "vector").bitEquals(logits(whole, "vector"))).isTrue();
  }

  /** So the other tests see weights that are not there. */
  @Test
  void layersOnceComputedHaveReleasedTheirWeights() throws IOException {
    Set<String> layers = layers(whole).keySet();
    Files.delete(folder.resolve("weights.safetensors"));
    for (Parameter parameter : released.parameters().all()) {
      String name = parameter.name();
      if (layers.contains(name.replaceAll("\\.weight$", ""))) {
        assertThatExceptionOfType(UncheckedIOException.class)
            .isThrownBy(parameter::value)
            .withMessageContaining("is needed again for " + name);
      } else {
        assertThat(parameter.value().size()).isEqualTo(parameter.size());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector", "float64", "int8", "cold", "integer", "spikes"})
  void otherWaysOfComputingReadThemAgain(String way) {
    Tensor expected = logits(whole, way);
    assertThat(logits(released, way).bitEquals(expected)).isTrue();
    assertThat(logits(released, way).bitEquals(expected)).isTrue();
  }

  /** Batch statistics move, so only one run of each. */
  @Test
  void trainingReadsThemAgain() {
    assertThat(logits(released, "training").bitEquals(logits(whole, "training"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "float64", "int8", "cold", "integer", "spikes", "training"})
  void theyAreNotThoseOfAnotherTraining(String way) throws IOException {
    Network other = new Spike2Former(config);
    Initialiser.fill(other.parameters(), 4);
    Safetensors.write(folder.resolve("weights.safetensors"), other.parameters().values(), Map.of());
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> logits(released, way))
        .withMessageStartingWith(folder.resolve("weights.safetensors") + ": is needed again for ")
        .withMessageEndingWith("has changed since the model was loaded; load the model again");
  }

  @Test
  void thoseThatAreReadAgainCanBeSaved() throws IOException {
    Path copy = folder.resolve("copy.safetensors");
    Safetensors.write(copy, released.parameters().values(), Map.of());
    assertThat(copy).hasSameBinaryContentAs(folder.resolve("weights.safetensors"));
  }

  /** Devices compute with folded weights. */
  @Test
  void foldedWeightsAreTheSame() {
    Map<String, WeightLayer> layers = layers(whole);
    assertThat(layers).isNotEmpty();
    layers(released)
        .forEach(
            (name, layer) -> {
              FoldedWeights expected = FoldedWeights.of(layers.get(name), 0.25);
              FoldedWeights found = FoldedWeights.of(layer, 0.25);
              assertThat(found.weights()).isEqualTo(expected.weights());
              assertThat(found.bias()).isEqualTo(expected.bias());
            });
  }

  private Map<String, WeightLayer> layers(Network network) {
    try (Workers workers = new Workers(1)) {
      LayerLog log = new LayerLog(Backends.create(Backend.VECTOR, Precision.F32, workers));
      network.logits(log, image);
      return log.layers;
    }
  }
}
