package org.spike2former.model.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.snn.energy.LayerCost;
import org.spike2former.snn.firing.FiringStatistics;
import org.spike2former.snn.firing.SpikeTap;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightLayer;

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

  /**
   * Reference counts of the networks at 512×512, in GMAC, to the digits given. The transformer
   * decoder's 8.74 is 8.735 there, rounded twice: it is 8.734949.
   */
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

  /** Counts layers by the tensors that come out of a real run. */
  private static final class MeasuringOps extends ForwardingOps {
    final Map<String, Long> macs = new HashMap<>();

    MeasuringOps(Ops ops) {
      super(ops);
    }

    @Override
    public Tensor layer(Tensor x, WeightLayer layer) {
      Tensor out = super.layer(x, layer);
      long window = layer.weight().size() / layer.outChannels();
      macs.merge(layer.name(), out.size() * window, Long::sum);
      return out;
    }
  }

  @ParameterizedTest
  @CsvSource({"sdtv2, 1, 0", "sdtv3, 1, 0", "sdtv2, 3, 0", "sdtv3, 2, 0.5"})
  void countsWhatARunComputes(String backbone, int timeSteps, double decay) {
    ModelConfig config = TinyModel.config(backbone, timeSteps, decay);
    Spike2Former network = new Spike2Former(config);
    Initialiser.fill(network.parameters(), 3);
    try (Workers workers = new Workers(1)) {
      MeasuringOps measuring =
          new MeasuringOps(Backends.create(Backend.SCALAR, Precision.F32, workers));
      FiringStatistics statistics = new FiringStatistics(workers);
      Tensor image = Tensor.zeros(DType.F32, 1, 37, 50, 3);
      network.predict(new SpikeTap(measuring, List.of(statistics)), image);
      List<LayerCost> layers = NetworkCost.ofInference(config, 37, 50);
      Map<String, Long> counted = new HashMap<>();
      for (LayerCost layer : layers) {
        if (layer.neuron() != null) {
          assertThat(statistics.layer(layer.neuron())).as(layer.toString()).isNotNull();
        }
        boolean isProduct = layer.name().contains("*") || layer.name().endsWith("_product");
        if (!isProduct) {
          counted.put(layer.name(), layer.macs());
        }
      }
      assertThat(counted).isEqualTo(measuring.macs);
    }
    assertThat(
            NetworkCost.ofInference(config, 37, 50).stream()
                .filter(layer -> layer.neuron() == null)
                .map(LayerCost::name))
        .as("layers on real numbers")
        .containsExactly("backbone.downsample1_1.encode_conv", "semantic_product");
  }

  @Test
  void allStatesCostMoreInTheHeadAlone() {
    ModelConfig config = TinyModel.config("sdtv2", 1, 0);
    List<LayerCost> all = NetworkCost.ofAllStates(config, 64, 64);
    List<LayerCost> last = NetworkCost.ofInference(config, 64, 64);
    int states = config.transformerDecoder().layers() + 1;
    for (String prefix : List.of("decode_head.cls_embed", "decode_head.mask_product")) {
      assertThat(macs(all, prefix)).isEqualTo(states * macs(last, prefix));
    }
    for (String prefix : List.of("backbone.", "decode_head.pixel_decoder.", "semantic_product")) {
      assertThat(macs(all, prefix)).isEqualTo(macs(last, prefix));
    }
  }

  @Test
  void timeStepsMultiplyTheNetwork() {
    ModelConfig four = TinyModel.config("sdtv2", 4, 0);
    List<LayerCost> all = NetworkCost.ofInference(four, 64, 64);
    List<LayerCost> one = NetworkCost.ofInference(NetworkCost.oneTimeStep(four), 64, 64);
    assertThat(macs(all, "backbone.")).isEqualTo(4 * macs(one, "backbone."));
    assertThat(macs(all, "semantic_product")).isEqualTo(macs(one, "semantic_product"));
  }
}
