package org.spike2former.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.model.network.TinyModel;
import org.spike2former.model.network.block.Scope;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.Safetensors;

/** Checkpoints as users have them: the network's names after and between others. */
class CheckpointNamesTest {
  private static final String WEIGHT = "backbone.downsample1_1.encode_conv.weight";

  @TempDir private Path folder;
  private final Map<String, Tensor> state = new LinkedHashMap<>();
  private final Map<String, Tensor> file = new LinkedHashMap<>();
  private ParameterSet parameters;

  @BeforeEach
  void networks() {
    ParameterSet random = TinyModel.network().parameters();
    Initialiser.fill(random, 7);
    random.all().forEach(p -> state.put(p.name(), p.value()));
    parameters = TinyModel.network().parameters();
  }

  private void put(Map<String, Tensor> tensors, UnaryOperator<String> name) {
    tensors.forEach((key, value) -> file.put(name.apply(key), value));
  }

  private void put(String name, int... shape) {
    int size = 1;
    for (int n : shape) {
      size *= n;
    }
    file.put(name, Tensor.of(new float[size], shape));
  }

  /** Another network's values. */
  private static Map<String, Tensor> others() {
    ParameterSet random = TinyModel.network().parameters();
    Initialiser.fill(random, 8);
    Map<String, Tensor> others = new LinkedHashMap<>();
    random.all().forEach(p -> others.put(p.name(), p.value()));
    return others;
  }

  private WeightsReport load(String key, Fit fit) throws IOException {
    Path path = folder.resolve("w.safetensors");
    Safetensors.write(path, file, Map.of());
    return ModelWeights.load(parameters, path, key, fit);
  }

  private WeightsReport load() throws IOException {
    return load(null, Fit.EXACT);
  }

  private void assertLoaded(Map<String, Tensor> expected) {
    parameters
        .all()
        .forEach(
            p -> assertThat(p.value().bitEquals(expected.get(p.name()))).as(p.name()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "module.",
        "module.module.",
        "model.",
        "_orig_mod.",
        "module._orig_mod.",
        "_orig_mod.module.",
        "ema.",
        "student.",
        "net.",
        "network.",
        "segmentor.",
        "0.",
        "model.net.0."
      })
  void whatStandsBeforeAllNamesIsCutAndSaid(String prefix) throws IOException {
    put(state, name -> prefix + name);
    WeightsReport report = load();
    assertLoaded(state);
    assertThat(report.summary())
        .endsWith(
            "w.safetensors: "
                + thousands(state.size())
                + " tensors taken; prefix "
                + prefix
                + " cut");
  }

  private static String thousands(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  @Test
  void plainNamesNeedNoRemark() throws IOException {
    put(state, name -> name);
    assertThat(load().isPlain()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "backbone., backbone.module.",
    "decode_head., decode_head._orig_mod.",
    "decode_head.pixel_decoder., decode_head.pixel_decoder._orig_mod.",
    "block3.0., block3.0._checkpoint_wrapped_module.",
    "layers.0., layers.0._fsdp_wrapped_module._orig_mod.",
  })
  void wrappersMayStandInside(String plain, String wrapped) throws IOException {
    put(state, name -> name.replace(plain, wrapped));
    assertThat(file.keySet()).anyMatch(name -> name.contains(wrapped));
    load();
    assertLoaded(state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "module.", "model.module."})
  void aPanopticHeadIsTheDecodeHead(String prefix) throws IOException {
    put(state, name -> prefix + name.replace("decode_head.", "panoptic_head."));
    assertThat(load().summary()).contains(prefix + "panoptic_head. read as decode_head.");
    assertLoaded(state);
  }

  @Test
  void partsMayHaveNamesOfTheirOwn() throws IOException {
    put(
        state,
        name -> name.replace("decode_head.", "sem_seg_head.").replace("backbone.", "encoder."));
    assertThat(load().summary())
        .contains("encoder. read as backbone.", "sem_seg_head. read as decode_head.");
    assertLoaded(state);
  }

  @Test
  void whatOnlyTrainingNeedsIsIgnoredAndSaid() throws IOException {
    put(state, name -> "module." + name);
    put("module.auxiliary_head.conv_seg.weight", 2, 2, 1, 1);
    put("module.auxiliary_head.conv_seg.bias", 2);
    put("module.criterion.empty_weight", 4);
    put("module.loss_fn.weight", 4);
    put("n_averaged");
    put("val_miou.confmat", 4, 4);
    assertThat(load().summary())
        .contains(
            "ignored auxiliary_head (2 tensors), criterion (1 tensor),"
                + " loss_fn (1 tensor), n_averaged (1 tensor), val_miou (1 tensor)");
  }

  @Test
  void whatMayMatterIsUnexpectedUnderTheFilesName() {
    put(state, name -> "module." + name);
    put("module.decode_head.transformer_decoder.layers.9.w", 1);
    put("module.neck.conv.weight", 1);
    assertThatThrownBy(this::load)
        .hasMessageContaining(
            "2 unexpected (module.decode_head.transformer_decoder.layers.9.w,"
                + " module.neck.conv.weight)");
  }

  @Test
  void whatIsMissingOrMisshapenHasTheFilesName() {
    put(state, name -> "model." + name);
    file.remove("model.decode_head.w");
    put("model." + WEIGHT, 4, 3, 3, 3);
    assertThatThrownBy(this::load)
        .hasMessageContaining("1 missing (model.decode_head.w)")
        .hasMessageContaining("(model." + WEIGHT + ": expected [4, 3, 7, 7], found [4, 3, 3, 3])");
  }

  @ParameterizedTest
  @CsvSource({"ema.", "ema_model.", "model_ema.module.", "teacher."})
  void plainNamesGoBeforeAnAverageBesideThem(String prefix) throws IOException {
    put(others(), name -> prefix + name);
    put(state, name -> name);
    assertThat(load().summary())
        .contains("not taken, but there too: " + prefix + " (" + state.size() + " tensors)")
        .contains("weights_key");
    assertLoaded(state);
  }

  @ParameterizedTest
  @CsvSource({
    "teacher., student.",
    "ema_model., model.",
    "model_ema., model.",
    "model.ema., module.",
    "b., a.",
  })
  void ofTwoNetworksTheOneThatIsNoAverageIsTaken(String other, String taken) throws IOException {
    boolean inOrder = other.equals("b.");
    put(inOrder ? state : others(), name -> (inOrder ? taken : other) + name);
    put(inOrder ? others() : state, name -> (inOrder ? other : taken) + name);
    assertThat(load().summary())
        .contains("prefix " + taken + " cut", "not taken, but there too: " + other);
    assertLoaded(state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ema", "ema."})
  void theKeyChoosesAnother(String key) throws IOException {
    put(others(), name -> name);
    put(state, name -> "ema." + name);
    WeightsReport report = load(key, Fit.EXACT);
    assertLoaded(state);
    assertThat(report.summary())
        .contains("prefix ema. cut; not taken, but there too: names without prefix");
  }

  @Test
  void countersOfBatchesDoNotDecide() throws IOException {
    put(state, name -> name);
    file.keySet().removeIf(name -> name.endsWith(Scope.BATCH_COUNT));
    put(others(), name -> "ema." + name);
    assertThat(load().summary()).contains("not taken, but there too: ema.");
    assertThat(parameters.get(WEIGHT).value().bitEquals(state.get(WEIGHT))).isTrue();
  }

  @Test
  void anIncompleteCopyDoesNotCompleteAnother() {
    put(state, name -> "model." + name);
    file.remove("model.decode_head.w");
    put(others(), name -> "ema." + name);
    file.keySet().removeIf(name -> name.startsWith("ema.") && !name.contains("block4"));
    assertThatThrownBy(this::load).hasMessageContaining("1 missing (model.decode_head.w)");
  }

  @Test
  void averagesWithNamesOfTheirOwnAreIgnored() throws IOException {
    put(state, name -> name);
    put(others(), name -> "ema_" + name.replace('.', '_'));
    assertThat(load().summary())
        .contains("ignored averaged weights (" + state.size() + " tensors)");
    assertLoaded(state);
  }

  @Test
  void anUnknownKeyIsNamed() {
    put(state, name -> name);
    assertThatThrownBy(() -> load("swa", Fit.EXACT))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("w.safetensors")
        .hasMessageContaining("swa")
        .hasMessageContaining("weights_key");
  }

  @Test
  void oneNetworkUnderTwoNamesIsRefused() {
    put(state, name -> name);
    put("backbone.downsample1_1._orig_mod.encode_conv.weight", 4, 3, 7, 7);
    assertThatThrownBy(this::load)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("twice")
        .hasMessageContaining(WEIGHT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "module.", "model.", "encoder."})
  void aClassifierGivesItsBackbone(String prefix) throws IOException {
    state.forEach(
        (name, value) -> {
          if (name.startsWith("backbone.")) {
            file.put(prefix + name.substring("backbone.".length()), value);
          }
        });
    put(prefix + "head.weight", 10, 16);
    put(prefix + "head.bias", 10);
    put(prefix + "head_kd.weight", 10, 16);
    WeightsReport report = load(null, Fit.PARTIAL);
    assertThat(report.summary())
        .contains(prefix.isEmpty() ? "a backbone alone" : prefix + " read as backbone.")
        .contains("ignored head (2 tensors), head_kd (1 tensor)");
    assertThat(report.unexpected()).isEmpty();
    assertThat(report.missing()).contains("decode_head.cls_embed.weight");
    assertThat(parameters.get(WEIGHT).value().bitEquals(state.get(WEIGHT))).isTrue();
  }

  @Test
  void partsWithoutValuesAreNamedWithTheirSize() throws IOException {
    state.keySet().removeIf(name -> name.startsWith("decode_head.pixel_decoder."));
    state.remove("decode_head.w");
    put(state, name -> name);
    WeightsReport report = load(null, Fit.PARTIAL);
    long tensors =
        parameters.all().stream()
            .filter(p -> p.name().startsWith("decode_head.pixel_decoder."))
            .filter(p -> !p.name().endsWith(Scope.BATCH_COUNT))
            .count();
    assertThat(report.gaps())
        .singleElement()
        .asString()
        .endsWith(
            "drawn at random: decode_head.pixel_decoder: "
                + tensors
                + " tensors, "
                + thousands(parameters.count("decode_head.pixel_decoder."))
                + " parameters; decode_head.w: 1 tensor, 1 parameters");
  }

  @Test
  void aPartInPartSaysHowMuch() throws IOException {
    put(state, name -> name);
    file.remove(WEIGHT);
    assertThat(load(null, Fit.PARTIAL).unset())
        .singleElement()
        .asString()
        .startsWith("backbone: 1 of ")
        .endsWith(" tensors, 588 parameters");
  }

  @Test
  void anotherNumberOfClassesIsForTrainingAlone() throws IOException {
    put(state, name -> "module." + name);
    put("module.decode_head.cls_embed.weight", 8, 8);
    put("module.decode_head.cls_embed.bias", 8);
    for (Fit fit : new Fit[] {Fit.EXACT, Fit.PARTIAL}) {
      assertThatThrownBy(() -> load(null, fit))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("another number of classes")
          .hasMessageContaining(
              "module.decode_head.cls_embed.weight: expected [4, 8], found [8, 8]");
    }
    WeightsReport report = load(null, Fit.OTHER_CLASSES);
    assertThat(parameters.get(WEIGHT).isSet()).isTrue();
    assertThat(parameters.get("decode_head.cls_embed.weight").isSet()).isFalse();
    assertThat(parameters.get("decode_head.cls_embed.bias").isSet()).isFalse();
    assertThat(report.gaps())
        .singleElement()
        .asString()
        .startsWith(
            "of another number of classes and drawn at random: module.decode_head.cls_embed");
  }

  @ParameterizedTest
  @CsvSource({"decode_head.cls_embed.weight, 8, 9", "decode_head.query_feat.weight, 5, 8"})
  void noOtherShapeMayDiffer(String name, int rows, int columns) {
    put(state, n -> n);
    put(name, rows, columns);
    assertThatThrownBy(() -> load(null, Fit.OTHER_CLASSES))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("1 mis-shaped (" + name);
  }

  /** Names that many mask transformers have. */
  @Test
  void fewNamesMakeNoNetwork() {
    put("query_feat.weight", 4, 8);
    put("query_embed.weight", 4, 8);
    put("layer1.0.conv1.weight", 1);
    assertThatThrownBy(() -> load(null, Fit.PARTIAL))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("of another model");
  }
}
