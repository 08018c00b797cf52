package org.spike2former.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.data.config.ConfigException;
import org.spike2former.model.weights.Preset;
import org.spike2former.tensor.Parameter;

class ModelConfigTest {
  private static final String TEXT =
      """
      {"backbone": {"type": "sdtv2", "embed_dims": [16, 32, 64, 96], "heads": 8, "mlp_ratio": 4,
        "time_steps": 2, "neuron": {"max_spikes": 8, "norm": 8}},
       "pixel_decoder": {"feat_channels": 32, "layers": 2, "groups": 4, "dw_kernel": 5, "ffn_channels": 64},
       "transformer_decoder": {"layers": 3, "heads": 4, "ffn_channels": 128, "queries": 10},
       "head": {"classes": 7, "alpha": 4, "neuron": {"max_spikes": 4, "norm": 4, "decay": 0.25}}}
      """;

  @TempDir private Path folder;

  private ModelConfig read(String text) throws IOException {
    return ModelConfig.read(Files.writeString(folder.resolve("model.json"), text));
  }

  private static final String FPN =
      """
      {"backbone": {"type": "sdtv2", "embed_dims": [8, 8, 8, 16], "heads": 2, "mlp_ratio": 2,
        "time_steps": 1, "neuron": {"max_spikes": 8, "norm": 8}},
       "neck": {"type": "qfpn", "channels": 6, "neuron": {"max_spikes": 4, "norm": 4}},
       "head": {"type": "fpn", "classes": 3, "channels": 6, "strides": [4, 8, 16, 32],
        "neuron": {"max_spikes": 4, "norm": 4}}}
      """;

  @Test
  void anFpnIsReadAndWritten() throws IOException {
    ModelConfig config = read(FPN);
    assertThat(config.neck().channels()).isEqualTo(6);
    assertThat(config.queries()).isZero();
    assertThat(config.maxSpikes()).isEqualTo(8);
    assertThat(config.head().doublings(3)).isEqualTo(3);
    assertThat(Preset.of(config)).contains(Preset.RELEASE);
    assertThat(read(config.toJson())).isEqualTo(config);
    assertThat(config.toJson()).contains("\"neck\"").doesNotContain("pixel_decoder", "alpha");
    assertThat(read(TEXT).toJson()).doesNotContain("neck", "\"type\" : \"mask", "strides");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"type\": \"fpn\"' | '\"type\": \"fcn\"' | expected mask-embedding",
        "'\"channels\": 6, \"strides\"' | '\"channels\": 8, \"strides\"'"
            + " | head.channels: expected neck.channels, 6, found 8",
        "'[4, 8, 16, 32]' | '[4, 8, 12, 32]' | head.strides[2]: expected 1, 2, 4 and so on",
        "'[4, 8, 16, 32]' | '[4, 8, 16]' | head.strides",
        "'\"type\": \"fpn\", ' | '' | no such key for a head of type mask-embedding",
        "'\"classes\": 3' | '\"classes\": 3, \"alpha\": 4'"
            + " | head.alpha: no such key for a head of type fpn",
        "'\"neck\": {\"type\": \"qfpn\"' | '\"neck\": {\"type\": \"fpn\"'"
            + " | neck.type: expected qfpn",
        "'}}}' | '}}, \"preset\": \"paper\"}' | are those of release",
      })
  void whatDoesNotGoWithAnFpnIsRefused(String from, String to, String message) {
    assertThat(FPN.strip()).contains(from);
    assertThatThrownBy(() -> read(FPN.strip().replace(from, to))).hasMessageContaining(message);
  }

  @Test
  void eachHeadHasItsParts() {
    assertThatThrownBy(() -> read(FPN.replaceAll("\"neck\": .*\n", "")))
        .hasMessageContaining("neck: missing");
    assertThatThrownBy(
            () ->
                read(
                    TEXT.replaceFirst(
                        "\\{",
                        "{\"neck\": {\"type\": \"qfpn\","
                            + " \"channels\": 6, \"neuron\": {\"max_spikes\": 4, \"norm\": 4}},")))
        .hasMessageContaining("neck: no such key for a head of type mask-embedding");
  }

  @Test
  void readsEveryKey() throws IOException {
    ModelConfig config = read(TEXT);
    assertThat(config.backbone().embedDims()).containsExactly(16, 32, 64, 96);
    assertThat(config.backbone().timeSteps()).isEqualTo(2);
    assertThat(config.backbone().neuron().decay()).isZero();
    assertThat(config.head().neuron().decay()).isEqualTo(0.25);
    assertThat(config.transformerDecoder().queries()).isEqualTo(10);
  }

  /** Files of networks for photos are as they were before there were others. */
  @Test
  void onlyOtherChannelsThanThreeAreWritten() throws IOException {
    ModelConfig photos = read(TEXT);
    assertThat(photos.backbone().inChannels()).isEqualTo(3);
    assertThat(photos.toJson()).doesNotContain("in_channels");
    ModelConfig frames = read(TEXT.replace("\"heads\": 8", "\"heads\": 8, \"in_channels\": 2"));
    assertThat(frames.toJson()).contains("\"in_channels\" : 2");
    assertThat(read(frames.toJson())).isEqualTo(frames).isNotEqualTo(photos);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"sdtv2\" | \"resnet\" | backbone.type",
        "\"heads\": 8, | | heads",
        "\"queries\": 10 | \"queries\": 0 | transformer_decoder.queries",
        "\"queries\": 10 | \"queries\": 10.5 | queries",
        "\"queries\": 10 | \"queries\": null | null",
        "\"queries\": 10 | \"queries\": 10, \"rows\": 1 | rows",
        "\"max_spikes\": 4 | \"max_spikes\": 200 | neuron.max_spikes",
        "[16, 32, 64, 96] | [16, 32, 64] | embed_dims",
        "[16, 32, 64, 96] | [16, 32, 60, 96] | embed_dims",
        "[16, 32, 64, 96] | null | embed_dims",
        "\"groups\": 4 | \"groups\": 5 | groups",
        "\"norm\": 4 | \"norm\": 0 | neuron.norm",
        "\"norm\": 4 | \"norm\": 1e-300 | neuron.norm",
        "\"norm\": 4 | \"norm\": \"4\" | norm",
        "\"queries\": 10 | \"queries\": 10, \"queries\": 11 | queries",
      })
  void whatIsWrongIsNamed(String from, String to, String named) {
    assertThat(TEXT).contains(from);
    assertThatThrownBy(() -> read(TEXT.replace(from, to == null ? "" : to)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("model.json")
        .hasMessageContaining(named)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "sdtv2, 4, 4, paper",
    "sdtv3, 4, 4, paper",
    "sdtv2, 8, 8, release",
    "sdtv3, 4, 8, release",
    "sdtv2, 4, 8, own",
    "sdtv3, 8, 8, own",
  })
  void thePresetIsKnownByItsConstants(String type, int backbone, int head, String preset)
      throws IOException {
    String text =
        TEXT.replace("sdtv2", type)
            .replace("\"max_spikes\": 8, \"norm\": 8", neuron(backbone))
            .replace("\"max_spikes\": 4, \"norm\": 4, \"decay\": 0.25", neuron(head));
    ModelConfig config = read(text);
    assertThat(Preset.of(config).map(Preset::toString).orElse("own")).isEqualTo(preset);
    assertThat(config.preset()).isNull();
    assertThat(config.toJson()).doesNotContain("preset");
    String stated = text.replaceFirst("\\{", "{\"preset\": \"" + preset + "\", ");
    assertThat(read(stated).preset()).isEqualTo(preset);
    assertThat(read(stated)).isEqualTo(config).hasSameHashCodeAs(config);
    String wrong = preset.equals("paper") ? "release" : "paper";
    assertThatThrownBy(() -> read(stated.replace("\"" + preset + "\"", "\"" + wrong + "\"")))
        .hasMessageContaining("preset is " + wrong + ", but max_spikes and norm are");
  }

  private static String neuron(int constant) {
    return "\"max_spikes\": " + constant + ", \"norm\": " + constant;
  }

  private ModelConfig withHead(String neuron) throws IOException {
    return read(TEXT.replace("{\"max_spikes\": 4, \"norm\": 4, \"decay\": 0.25}", neuron));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'max_spikes': 4, 'norm': 8} | NI_LIF | 4 | 8 | | 0",
        "{'type': 'ni-lif', 'max_spikes': 4, 'norm': 8, 'decay': 0.25} | NI_LIF | 4 | 8 | | 0.25",
        "{'type': 'i-lif', 'max_spikes': 4} | I_LIF | 4 | | | 0",
        "{'type': 'i-lif', 'max_spikes': 4, 'norm': 1, 'decay': 0.5} | I_LIF | 4 | | | 0.5",
        "{'type': 'lif'} | LIF | 1 | | 1 | 0.5",
        "{'type': 'lif', 'max_spikes': 1, 'threshold': 0.7, 'decay': 0.9} | LIF | 1 | | 0.7 | 0.9",
        "{'type': 'if'} | IF | 1 | | 1 | 1",
        "{'type': 'IF', 'threshold': 0.5, 'decay': 1} | IF | 1 | | 0.5 | 1",
      })
  void neuronsHaveTheKeysOfTheirType(
      String json,
      NeuronConfig.Type type,
      Integer maxSpikes,
      Double norm,
      Double threshold,
      Double decay)
      throws IOException {
    ModelConfig config = withHead(json.replace('\'', '"'));
    assertThat(config.head().neuron())
        .isEqualTo(new NeuronConfig(type, maxSpikes, norm, threshold, decay));
    assertThat(config.head().neuron().maxSpikes()).isEqualTo(maxSpikes);
    assertThat(config.head().neuron().norm()).isEqualTo(norm);
    assertThat(config.head().neuron().threshold()).isEqualTo(threshold);
    assertThat(config.head().neuron().decay()).isEqualTo(decay);
    assertThat(read(config.toJson())).isEqualTo(config);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type': 'plif'} | neuron.type: expected ni-lif . i-lif . lif . if, found plif",
        "{'type': 1} | neuron.type: expected ni-lif",
        "{'norm': 4} | neuron.max_spikes: missing; expected an integer from 1 to 127",
        "{'max_spikes': 4} | neuron.norm: missing; expected a number from 1.0E-6 to 1000000",
        "{'max_spikes': 4, 'nrom': 4} | neuron.nrom: unknown key.*did you mean norm\\?",
        "{'type': 'i-lif'} | neuron.max_spikes: missing",
        "{'type': 'i-lif', 'max_spikes': 4, 'norm': 4} | neuron.norm: expected 1 .* i-lif, found 4",
        "{'type': 'i-lif', 'max_spikes': 4, 'threshold': 1} | neuron.threshold: .* i-lif, found 1",
        "{'max_spikes': 4, 'norm': 4, 'threshold': 1} | neuron.threshold: .* ni-lif, found 1",
        "{'type': 'lif', 'norm': 1} | neuron.norm: expected no such key for type lif, found 1",
        "{'type': 'lif', 'max_spikes': 4} | neuron.max_spikes: expected 1 .* lif, found 4",
        "{'type': 'lif', 'threshold': 0} | neuron.threshold: expected a number from 1.0E-6",
        "{'type': 'lif', 'decay': 2} | neuron.decay: expected a number from 0 to 1, found 2",
        "{'type': 'if', 'decay': 0.5} | neuron.decay: expected 1 or no such key for type if",
        "{'type': 'if', 'norm': 4} | neuron.norm: expected no such key for type if, found 4",
      })
  void keysOfOtherTypesAreRefused(String json, String message) {
    assertThatThrownBy(() -> withHead(json.replace('\'', '"')))
        .isInstanceOf(ConfigException.class)
        .hasMessageMatching(".*model.json: line 5: head." + message + ".*");
  }

  /** Files from before neurons had a type stay as they were. */
  @Test
  void theUsualTypeIsNotWritten() throws IOException {
    assertThat(read(TEXT).toJson())
        .contains("      \"max_spikes\" : 4,\n      \"norm\" : 4.0,\n      \"decay\" : 0.25\n    }")
        .doesNotContain("threshold");
  }

  /** The head's first neurons fire on sigmoids. */
  @ParameterizedTest
  @CsvSource({
    "1, lif, 1, 1",
    "1, if, 1, 1",
    "2, lif, 1.5, 1.5",
    "2, if, 2, 2",
    "4, lif, 1.9, 1.875"
  })
  void aHeadThatCannotFireIsRefused(int timeSteps, String type, double threshold, String most)
      throws IOException {
    String text =
        TEXT.replace("\"time_steps\": 2", "\"time_steps\": " + timeSteps)
            .replace(
                "\"max_spikes\": 4, \"norm\": 4, \"decay\": 0.25",
                "\"type\": \"" + type + "\", \"threshold\": " + threshold);
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("head.neuron.threshold: expected less than " + most);
    assertThat(read(text.replace("d\": " + threshold, "d\": " + 0.9 * threshold))).isNotNull();
  }

  @Test
  void aPresetThatIsUnknownIsNamed() {
    assertThatThrownBy(() -> read(TEXT.replaceFirst("\\{", "{\"preset\": \"fast\", ")))
        .hasMessageContaining("preset: expected paper, release or own, found fast");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "7", "\"sdtv2\""})
  void aConfigurationIsAnObject(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("expected a JSON object");
  }

  @Test
  void networksThatAreTooLargeAreRefusedBeforeTheyAreMade() throws IOException {
    String layers = TEXT.replace("\"layers\": 3", "\"layers\": 65536");
    assertThatThrownBy(() -> read(layers))
        .hasMessageContaining("model.json: ")
        .hasMessageContaining("transformer_decoder.layers: the network would have ")
        .hasMessageContaining("more than 20000 tensors (-Ds2f.max-network-tensors)");
    String wide = TEXT.replace("[16, 32, ", "[16, 64, ").replace("ratio\": 4", "ratio\": 65536");
    assertThatThrownBy(() -> read(wide))
        .hasMessageContaining("model.json: ")
        .hasMessageContaining("backbone: tensor backbone.")
        .hasMessageContaining("elements, more than any can");
  }

  @Test
  void aNetworksSizeIsKnownBeforehand() throws IOException {
    for (int layers : List.of(1, 2, 5)) {
      ModelConfig tiny = read(TEXT);
      ModelConfig.PixelDecoderConfig p = tiny.pixelDecoder();
      ModelConfig.TransformerDecoderConfig t = tiny.transformerDecoder();
      ModelConfig config =
          new ModelConfig(
              tiny.backbone(),
              new ModelConfig.PixelDecoderConfig(
                  p.featChannels(), layers, p.groups(), p.dwKernel(), p.ffnChannels()),
              new ModelConfig.TransformerDecoderConfig(
                  layers + 1, t.heads(), t.ffnChannels(), t.queries()),
              tiny.head());
      Collection<Parameter> made = new Spike2Former(config).parameters().all();
      assertThat(NetworkSize.of(config))
          .isEqualTo(new NetworkSize(made.size(), made.stream().mapToLong(Parameter::size).sum()));
    }
  }
}
