package org.spike2former.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Network;
import org.spike2former.model.network.TinyModel;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.Safetensors;

/** Checkpoints with an FPN, and those of networks with queries next to them. */
class FpnWeightsTest {
  private static final String NECK = "neck.lateral_convs.0.0.weight";
  private static final String STAGE = "decode_head.scale_heads.1.0.1.weight";
  private static final String CLASSIFIER = "decode_head.conv_seg.weight";

  @TempDir private Path folder;
  private Map<String, Tensor> state;
  private Network network;

  @BeforeEach
  void draw() {
    network = Network.of(TinyModel.fpn("sdtv2", 1));
    state = values(TinyModel.fpn("sdtv2", 1));
  }

  private static Map<String, Tensor> values(ModelConfig config) {
    Network drawn = Network.of(config);
    Initialiser.fill(drawn.parameters(), 5);
    return new LinkedHashMap<>(drawn.parameters().values());
  }

  private WeightsReport load(Network into, Map<String, Tensor> file, Fit fit) throws IOException {
    Path path = folder.resolve("w.safetensors");
    Safetensors.write(path, file, Map.of());
    return ModelWeights.load(into.parameters(), path, null, fit);
  }

  private Map<String, Tensor> renamed(UnaryOperator<String> name) {
    Map<String, Tensor> file = new HashMap<>();
    state.forEach((own, value) -> file.put(name.apply(own), value));
    return file;
  }

  private void assertLoaded(String name) {
    assertThat(network.parameters().get(name).value().bitEquals(state.get(name))).as(name).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "module.", "model."})
  void theReleasesNamesAreRead(String prefix) throws IOException {
    WeightsReport report = load(network, renamed(name -> prefix + name), Fit.EXACT);
    assertThat(report.isExact()).isTrue();
    assertThat(report.isPlain()).isEqualTo(prefix.isEmpty());
    state.keySet().forEach(this::assertLoaded);
  }

  @Test
  void aClassifierMayBeMissing() throws IOException {
    state.keySet().removeIf(name -> name.startsWith("decode_head.conv_seg."));
    WeightsReport report = load(network, state, Fit.PARTIAL);
    assertThat(report.missing())
        .containsExactlyInAnyOrder("decode_head.conv_seg.weight", "decode_head.conv_seg.bias");
    assertThat(report.gaps())
        .singleElement()
        .asString()
        .contains("decode_head.conv_seg: 2 tensors, 21 parameters");
    assertLoaded(NECK);
    assertLoaded(STAGE);
    assertThatThrownBy(() -> load(network, state, Fit.EXACT)).hasMessageContaining("2 missing");
  }

  @Test
  void otherClassesAreLeftOut() throws IOException {
    network = Network.of(TinyModel.fpn("sdtv2", 1).withClasses(5));
    assertThat(load(network, state, Fit.OTHER_CLASSES).otherClasses()).hasSize(2);
    assertLoaded(NECK);
    assertThat(network.parameters().get(CLASSIFIER).isSet()).isFalse();
    assertThatThrownBy(() -> load(network, state, Fit.PARTIAL)).hasMessageContaining(CLASSIFIER);
    assertThat(ModelWeights.classifier(network.parameters())).isEqualTo("decode_head.conv_seg.");
  }

  /** A pixel decoder has modules of the same names as a neck, and is none. */
  @Test
  void ofAnotherKindOfNetworkTheBackboneAloneIsTaken() throws IOException {
    Map<String, Tensor> queries = values(TinyModel.config("sdtv2", 1, 0));
    WeightsReport report = load(network, queries, Fit.PARTIAL);
    assertThat(report.loaded()).isNotEmpty().allMatch(name -> name.startsWith("backbone."));
    assertThat(report.missing()).contains(NECK, STAGE, CLASSIFIER);
    Network other = Network.of(TinyModel.config("sdtv2", 1, 0));
    assertThat(load(other, state, Fit.PARTIAL).loaded())
        .isNotEmpty()
        .allMatch(name -> name.startsWith("backbone."));
    assertThatThrownBy(() -> load(network, queries, Fit.EXACT))
        .isInstanceOf(WeightsException.class);
  }
}
