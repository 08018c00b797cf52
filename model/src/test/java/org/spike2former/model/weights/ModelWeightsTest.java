package org.spike2former.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.model.network.TinyModel;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.Safetensors;

class ModelWeightsTest {
  private static final String WEIGHT = "backbone.downsample1_1.encode_conv.weight";

  @TempDir private Path folder;
  private final Map<String, Tensor> state = new LinkedHashMap<>();

  @BeforeEach
  void randomState() {
    Spike2Former network = TinyModel.network();
    Initialiser.fill(network.parameters(), 7);
    network.parameters().all().forEach(p -> state.put(p.name(), p.value()));
  }

  private Path write(Map<String, Tensor> tensors) throws IOException {
    Path file = folder.resolve("weights.safetensors");
    Safetensors.write(file, tensors, Map.of());
    return file;
  }

  private static Map<String, Tensor> renamed(
      Map<String, Tensor> state, UnaryOperator<String> name) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    state.forEach((key, value) -> out.put(name.apply(key), value));
    return out;
  }

  private static ParameterSet load(Path file, boolean allowMissing) throws IOException {
    ParameterSet parameters = TinyModel.network().parameters();
    ModelWeights.load(parameters, file, allowMissing);
    return parameters;
  }

  @Test
  void everyNameIsLoaded() throws IOException {
    for (Parameter parameter : load(write(state), false).all()) {
      assertThat(parameter.value().bitEquals(state.get(parameter.name()))).isTrue();
    }
  }

  @Test
  void theModulePrefixIsDropped() throws IOException {
    Path file = write(renamed(state, name -> "module." + name));
    assertThat(load(file, false).get(WEIGHT).isSet()).isTrue();
  }

  @Test
  void aBackboneAloneNeedsLeave() throws IOException {
    Map<String, Tensor> backbone = new LinkedHashMap<>();
    state.forEach(
        (name, value) -> {
          if (name.startsWith("backbone.")) {
            backbone.put(name.substring("backbone.".length()), value);
          }
        });
    Path file = write(backbone);
    assertThatThrownBy(() -> load(file, false))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("missing (decode_head.");
    ParameterSet parameters = load(file, true);
    assertThat(parameters.get(WEIGHT).isSet()).isTrue();
    assertThat(parameters.get("decode_head.cls_embed.weight").isSet()).isFalse();
  }

  @Test
  void batchCountsMayBeMissing() throws IOException {
    state.keySet().removeIf(name -> name.endsWith("num_batches_tracked"));
    assertThat(load(write(state), false).get(WEIGHT).isSet()).isTrue();
  }

  @Test
  void theReportIsExact() throws IOException {
    state.remove("decode_head.w");
    state.put("decode_head.v", Tensor.of(new float[1], 1));
    state.put(WEIGHT, Tensor.of(new float[4], 2, 2));
    Path file = write(state);
    assertThatThrownBy(() -> load(file, true))
        .isInstanceOfSatisfying(
            WeightsException.class,
            e -> {
              assertThat(e.report().missing()).isEqualTo(List.of("decode_head.w"));
              assertThat(e.report().unexpected()).isEqualTo(List.of("decode_head.v"));
              assertThat(e.report().misShaped())
                  .isEqualTo(List.of(WEIGHT + ": expected [4, 3, 7, 7], found [2, 2]"));
            })
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining("1 missing (decode_head.w); 1 unexpected (decode_head.v)");
  }

  /** As of a network for photos, where the model takes event frames. */
  @Test
  void anotherWidthOfTheStemIsNamed() throws IOException {
    state.put(WEIGHT, Tensor.of(new float[4 * 2 * 7 * 7], 4, 2, 7, 7));
    Path file = write(state);
    assertThatThrownBy(() -> load(file, true))
        .isInstanceOfSatisfying(
            WeightsException.class,
            e ->
                assertThat(e.report().misShaped())
                    .containsExactly(
                        WEIGHT
                            + ": expected [4, 3, 7, 7], found [4, 2, 7, 7] (the network takes images"
                            + " of 3 channels, that of the checkpoint of 2)"));
  }

  @Test
  void numbersMustBeFinite() throws IOException {
    float[] bad = state.get(WEIGHT).floats().clone();
    bad[17] = Float.NaN;
    state.put(WEIGHT, Tensor.of(bad, 4, 3, 7, 7));
    Path file = write(state);
    assertThatThrownBy(() -> load(file, false)).hasMessageContaining(WEIGHT + " holds NaN");
  }

  @Test
  void numbersMustNotBeHuge() throws IOException {
    float[] bad = state.get(WEIGHT).floats().clone();
    bad[17] = -1e30f;
    state.put(WEIGHT, Tensor.of(bad, 4, 3, 7, 7));
    Path file = write(state);
    assertThatThrownBy(() -> load(file, false)).hasMessageContaining(WEIGHT + " holds -1.0");
  }

  @Test
  void aStrayNameWithAPrefixIsUnexpected() throws IOException {
    state.put("module." + WEIGHT, state.get(WEIGHT));
    Path file = write(state);
    assertThatThrownBy(() -> load(file, false))
        .hasMessageContaining("1 unexpected (module." + WEIGHT + ")");
  }

  @Test
  void namesFromTheFileAreHarmless() throws IOException {
    state.put("evil\u001b[31m\nname", Tensor.of(new float[1], 1));
    Path file = write(state);
    assertThatThrownBy(() -> load(file, false))
        .hasMessageContaining("1 unexpected (evil [31m name)");
  }

  @Test
  void variancesMustNotBeNegative() throws IOException {
    String name = "decode_head.shortcut_conv.1.running_var";
    state.put(name, Tensor.of(new float[] {1, -1, 1, 1}, 4));
    Path file = write(state);
    assertThatThrownBy(() -> load(file, false)).hasMessageContaining(name + " holds -1.0");
  }

  /** Read as they are, the weights of a quantised network would be wrong by their scales. */
  @Test
  void integersAreNoWeights() throws IOException {
    state.put(WEIGHT, Tensor.spikes(new byte[588], 1, 4, 3, 7, 7));
    Path file = write(state);
    assertThatThrownBy(() -> load(file, true))
        .hasMessageContaining("weights.safetensors: tensor " + WEIGHT + " has elements of type U8")
        .hasMessageContaining("expected floating point");
  }

  @Test
  void aForeignCheckpointIsRefusedEvenWithLeave() throws IOException {
    Path file = write(Map.of("conv1.weight", Tensor.of(new float[1], 1)));
    assertThatThrownBy(() -> load(file, true)).isInstanceOf(WeightsException.class);
  }
}
