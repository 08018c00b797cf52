package org.spike2former.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.snn.energy.LayerCost;

class NetworkCostTest {
  private static ModelConfig published(String name) throws IOException {
    return ModelConfig.read(Path.of("../configs/models", name + ".json"));
  }

  private static long macs(List<LayerCost> layers, String prefix) {
    return layers.stream()
        .filter(layer -> layer.name().startsWith(prefix))
        .mapToLong(LayerCost::macs)
        .sum();
  }

  /** Reference counts of the networks at 512×512, in GMAC, to the digits given. */
  @ParameterizedTest
  @CsvSource({
    "sdtv2-15m, '', 73.64",
    "sdtv2-15m, backbone., 33.82",
    "sdtv2-15m, backbone.downsample1_1., .308",
    "sdtv2-15m, backbone.ConvBlock1_1., 5.306",
    "sdtv2-15m, backbone.downsample1_2., .302",
    "sdtv2-15m, backbone.ConvBlock1_2., 5.203",
    "sdtv2-15m, backbone.downsample2., .302",
    "sdtv2-15m, backbone.ConvBlock2_1., 5.152",
    "sdtv2-15m, backbone.ConvBlock2_2., 5.152",
    "sdtv2-15m, backbone.downsample3., .302",
    "sdtv2-15m, backbone.block3., 6.600",
    "sdtv2-15m, backbone.downsample4., .849",
    "sdtv2-15m, backbone.block4., 4.340",
    "sdtv2-15m, decode_head.pixel_decoder., 15.23",
    "sdtv2-15m, decode_head.pixel_decoder.encoder.layers., 9.64",
    "sdtv2-15m, decode_head.pixel_decoder.mask_feature, 4.295",
    "sdtv2-15m, decode_head.transformer_decoder., 8.735",
    "sdtv2-15m, decode_head.mask_product, 11.74",
    "sdtv2-15m, semantic_product, 3.9",
    "sdtv3-19m, '', 89.27",
    "sdtv3-19m, backbone., 49.44",
  })
  void matchesTheReference(String model, String prefix, String gmacs) throws IOException {
    List<LayerCost> layers = NetworkCost.ofAllStates(published("ade20k-" + model), 512, 512);
    int digits = gmacs.length() - gmacs.indexOf('.') - 1;
    String found = String.format(Locale.ROOT, "%." + digits + "f", macs(layers, prefix) / 1e9);
    assertThat(Double.parseDouble(found)).isEqualTo(Double.parseDouble(gmacs));
  }
}
