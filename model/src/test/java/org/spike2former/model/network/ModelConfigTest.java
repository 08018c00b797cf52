package org.spike2former.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.data.config.ConfigException;
import org.spike2former.model.weights.Preset;

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

  @Test
  void readsEveryKey() throws IOException {
    ModelConfig config = read(TEXT);
    assertThat(config.backbone().embedDims()).containsExactly(16, 32, 64, 96);
    assertThat(config.backbone().timeSteps()).isEqualTo(2);
    assertThat(config.backbone().neuron().decay()).isZero();
    assertThat(config.head().neuron().decay()).isEqualTo(0.25);
    assertThat(config.transformerDecoder().queries()).isEqualTo(10);
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
}
