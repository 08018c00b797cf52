package org.spike2former.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.snn.energy.LayerCost;
import org.spike2former.snn.spikedriven.IntegerOps;
import org.spike2former.snn.spikedriven.SpikeDrivenOps;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.NetworkPart;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightType;

class FpnNetworkTest {
  private static final int HEIGHT = 35;
  private static final int WIDTH = 50;

  /** Counts the spikes of every neuron layer. */
  private static final class Listener extends ForwardingOps {
    private final Map<String, Integer> fired = new TreeMap<>();

    Listener(Ops ops) {
      super(ops);
    }

    @Override
    public Tensor observeSpikes(String neuron, Tensor potential, Tensor spikes) {
      fired.put(neuron, spikes.size());
      return spikes;
    }
  }

  private static Network network(String backbone, int timeSteps) {
    Network network = Network.of(TinyModel.fpn(backbone, timeSteps));
    Initialiser.fill(network.parameters(), 3);
    return network;
  }

  private static Tensor image(int batch, int height, int width) {
    SplittableRandom random = new SplittableRandom(5);
    double[] pixels = random.doubles((long) batch * height * width * 3, -2, 2).toArray();
    return Tensor.of(pixels, batch, height, width, 3).to(DType.F32);
  }

  private static Ops ops(WeightType weights, Workers workers) {
    return Backends.create(Backend.AUTO, Precision.F32, weights, workers);
  }

  @ParameterizedTest
  @CsvSource({"sdtv2, 1", "sdtv3, 1", "sdtv2, 2"})
  void scoresEveryPixel(String backbone, int timeSteps) {
    Network network = network(backbone, timeSteps);
    try (Workers workers = new Workers(2)) {
      Ops ops = ops(WeightType.FLOAT, workers);
      Tensor image = image(2, HEIGHT, WIDTH);
      assertThat(network.maps(ops, image).shape()).containsExactly(2, 18, 25, 3);
      Tensor logits = network.logits(ops, image);
      assertThat(logits.shape()).containsExactly(2, HEIGHT, WIDTH, 3);
      assertThat(network.logitsInFull(ops, image).bitEquals(logits)).isTrue();
      Tensor labels = network.labels(ops, image);
      assertThat(labels.bitEquals(ops.labels(logits, HEIGHT, WIDTH))).isTrue();
      Tensor second = ops.slice(image, 1, 2);
      assertThat(network.logits(ops, second).bitEquals(ops.slice(logits, 1, 2))).isTrue();
    }
  }

  /** The image is the same in every step, and neurons without memory are too. */
  @Test
  void timeStepsWithoutMemoryAreAllAlike() {
    try (Workers workers = new Workers(1)) {
      Ops ops = ops(WeightType.FLOAT, workers);
      Tensor one = network("sdtv2", 1).maps(ops, image(1, HEIGHT, WIDTH));
      Tensor two = network("sdtv2", 2).maps(ops, image(1, HEIGHT, WIDTH));
      assertThat(two.bitEquals(one)).isTrue();
    }
  }

  @Test
  void neuronLayersHaveTheReleasesNames() {
    try (Workers workers = new Workers(1)) {
      Listener listener = new Listener(ops(WeightType.FLOAT, workers));
      network("sdtv2", 1).maps(listener, image(1, 64, 96));
      listener.fired.keySet().removeIf(name -> name.startsWith("backbone."));
      assertThat(listener.fired)
          .hasSize(16)
          .containsEntry("neck.lateral_convs_spikes.0", 4 * 32 * 48)
          .containsEntry("neck.lateral_convs_spikes.3", 16 * 4 * 6)
          .containsEntry("neck.fpn_convs_spikes.2", 6 * 8 * 12)
          .containsEntry("decode_head.scale_heads.0.0.0", 6 * 32 * 48)
          .containsEntry("decode_head.scale_heads.1.0.0", 6 * 16 * 24)
          .containsEntry("decode_head.scale_heads.2.2.0", 6 * 16 * 24)
          .containsEntry("decode_head.scale_heads.3.4.0", 6 * 16 * 24)
          .containsEntry("decode_head.out_spike", 6 * 32 * 48);
      assertThat(listener.fired.keySet())
          .allMatch(
              name ->
                  PartNames.isIn(NetworkPart.NECK, name)
                      || PartNames.isIn(NetworkPart.FPN_HEAD, name));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sdtv2", "sdtv3"})
  void bitsDependOnNothing(String backbone) {
    Network network = network(backbone, 2);
    Tensor image = image(1, HEIGHT, WIDTH);
    for (WeightType weights : WeightType.values()) {
      try (Workers one = new Workers(1);
          Workers three = new Workers(3)) {
        Ops scalar = Backends.create(Backend.SCALAR, Precision.F32, weights, one);
        Tensor expected = network.logits(scalar, image);
        Ops vector = ops(weights, three);
        for (int run = 0; run < 2; run++) {
          vector.beginRun(true);
          assertThat(network.logits(vector, image).bitEquals(expected)).isTrue();
        }
      }
    }
  }

  /** Binary spikes and additions give the bits of integers, in double precision. */
  @Test
  void spikesGiveTheBitsOfIntegers() {
    Network network = network("sdtv2", 1);
    Tensor image = image(1, HEIGHT, WIDTH).to(DType.F64);
    try (Workers workers = new Workers(2)) {
      Ops cpu = Backends.create(Backend.AUTO, Precision.F64, workers);
      int maxSpikes = network.config().maxSpikes();
      Tensor integers = network.logits(new IntegerOps(cpu, maxSpikes), image);
      Tensor spikes =
          network.logits(new SpikeDrivenOps(cpu, maxSpikes, Backend.AUTO, workers), image);
      assertThat(spikes.bitEquals(integers)).isTrue();
      Tensor plain = network.logits(cpu, image);
      for (int i = 0; i < plain.size(); i += 13) {
        assertThat(integers.get(i)).isCloseTo(plain.get(i), within(1e-9));
      }
    }
  }

  /** Convolutions of neck and head, at 64×96: levels are 32×48 and its halves. */
  @Test
  void costsAreThoseOfTheLayers() {
    List<LayerCost> layers = NetworkCost.ofInference(TinyModel.fpn("sdtv2", 1), 64, 96);
    assertThat(macs(layers, "neck.lateral_convs.3.0")).isEqualTo(16 * 6 * 4 * 6);
    assertThat(macs(layers, "neck.fpn_convs.0.0")).isEqualTo(6 * 6 * 9 * 32 * 48);
    assertThat(macs(layers, "decode_head.scale_heads.3.4.1")).isEqualTo(6 * 6 * 9 * 16 * 24);
    assertThat(macs(layers, "decode_head.conv_seg")).isEqualTo(6 * 3 * 32 * 48);
    assertThat(layers)
        .filteredOn(layer -> !layer.name().equals("backbone.downsample1_1.encode_conv"))
        .allSatisfy(layer -> assertThat(layer.neuron()).isNotNull());
    assertThat(NetworkCost.ofAllStates(TinyModel.fpn("sdtv2", 1), 64, 96)).isEqualTo(layers);
    assertThat(NetworkCost.oneTimeStep(TinyModel.fpn("sdtv2", 3)).backbone().timeSteps())
        .isEqualTo(1);
  }

  private static long macs(List<LayerCost> layers, String name) {
    return layers.stream()
        .filter(layer -> layer.name().equals(name))
        .mapToLong(LayerCost::macs)
        .sum();
  }

  @Test
  void theReleasesSchemeDrawsNeckAndClassifier() {
    Network network = Network.of(TinyModel.fpn("sdtv2", 1));
    Initialiser.fill(network.parameters(), Initialiser.Scheme.RELEASE, 1, 1);
    double xavier = Math.sqrt(6 / (6.0 * 9 + 6 * 9));
    assertThat(greatest(network, "neck.fpn_convs.1.0.weight")).isBetween(0.8 * xavier, xavier);
    assertThat(greatest(network, "neck.fpn_convs.1.0.bias")).isZero();
    double usual = 1 / Math.sqrt(6.0 * 9);
    assertThat(greatest(network, "decode_head.scale_heads.1.0.1.weight"))
        .isBetween(0.8 * usual, usual);
    assertThat(greatest(network, "decode_head.conv_seg.weight")).isBetween(0.005, 0.05);
    assertThat(greatest(network, "decode_head.conv_seg.bias")).isZero();
  }

  private static double greatest(Network network, String name) {
    Parameter parameter = network.parameters().get(name);
    double[] values = parameter.value().to(DType.F64).doubles();
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }
}
