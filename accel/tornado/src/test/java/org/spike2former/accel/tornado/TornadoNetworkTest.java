package org.spike2former.accel.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.accel.Offloads;
import org.spike2former.accel.PlannedRunner;
import org.spike2former.accel.RunReport;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.ModelConfig.BackboneConfig;
import org.spike2former.model.network.ModelConfig.HeadConfig;
import org.spike2former.model.network.ModelConfig.NeckConfig;
import org.spike2former.model.network.ModelConfig.PixelDecoderConfig;
import org.spike2former.model.network.ModelConfig.TransformerDecoderConfig;
import org.spike2former.model.network.Network;
import org.spike2former.model.network.NeuronConfig;
import org.spike2former.model.network.NeuronConfig.Type;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightType;

/** Whole networks, of every part one: the device's logits have the CPU's bits. */
class TornadoNetworkTest {
  private static final Logger LOG = LoggerFactory.getLogger(TornadoNetworkTest.class);
  private static final int HEIGHT = 39;
  private static final int WIDTH = 52;

  private static Network network(String backbone, int timeSteps, NeuronConfig neuron) {
    return drawn(
        new ModelConfig(
            new BackboneConfig(backbone, List.of(8, 8, 8, 16), 2, 2, timeSteps, neuron),
            new PixelDecoderConfig(8, 1, 2, 3, 8),
            new TransformerDecoderConfig(3, 2, 8, 4),
            new HeadConfig(3, 4, neuron)));
  }

  private static Network fpn(NeuronConfig neuron) {
    return drawn(
        new ModelConfig(
            new BackboneConfig("sdtv2", List.of(8, 8, 8, 16), 2, 2, 1, neuron),
            new NeckConfig("qfpn", 6, neuron),
            new HeadConfig(HeadConfig.Type.FPN, 3, null, 6, List.of(4, 8, 16, 32), neuron)));
  }

  private static Network drawn(ModelConfig config) {
    Network network = Network.of(config);
    Initialiser.fill(network.parameters(), Initialiser.Scheme.values()[0], 7, 0.5);
    return network;
  }

  private static Tensor image(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] pixels = random.doubles((long) HEIGHT * WIDTH * 3, -2, 2).toArray();
    return Tensor.of(pixels, 1, HEIGHT, WIDTH, 3).to(DType.F32);
  }

  @ParameterizedTest
  @CsvSource({"sdtv2, 1", "sdtv3, 2"})
  void theDeviceGivesTheBitsOfTheCpu(String backbone, int timeSteps) {
    check(network(backbone, timeSteps, niLif(0)), 200);
  }

  @Test
  void theDeviceGivesTheBitsOfAnFpn() {
    check(fpn(niLif(0)), 100);
  }

  @Test
  @Tag("slow")
  void theFormsForGpusGiveTheSameBits() {
    System.setProperty("s2f.accel.lanes", "warps");
    try {
      check(network("sdtv3", 2, niLif(0)), 200);
    } finally {
      System.clearProperty("s2f.accel.lanes");
    }
  }

  /** A neuron's recurrence is many small operations, each a kernel to compile. */
  @Test
  @Tag("slow")
  void neuronsMayHaveAMemory() {
    check(network("sdtv3", 2, niLif(0.25)), 200);
  }

  @Test
  @Tag("slow")
  void neuronsMayFireOnes() {
    check(network("sdtv2", 1, new NeuronConfig(Type.LIF, null, null, 0.25, null)), 200);
  }

  private static NeuronConfig niLif(double decay) {
    return new NeuronConfig(Type.NI_LIF, 4, 4.0, null, decay);
  }

  private static void check(Network network, int leastLaunches) {
    try (Workers workers = new Workers(2)) {
      Ops cpu = Backends.create(Backend.AUTO, Precision.F32, workers);
      try (PlannedRunner runner =
          new PlannedRunner(Offloads.open("tornado"), cpu, WeightType.FLOAT)) {
        RunReport report = new RunReport();
        for (int seed = 0; seed < 3; seed++) {
          runner.report(seed == 2 ? report : null);
          Tensor image = image(seed);
          Tensor found = runner.run("logits", network::logits, image);
          assertThat(found.bitEquals(network.logits(cpu, image))).isTrue();
        }
        LOG.info(
            "{}: {} kernels launched on the device", network.config(), report.launches().size());
        assertThat(report.launches()).hasSizeGreaterThan(leastLaunches);
        assertThat(report.launches()).noneMatch(launch -> launch.step().isHost());
        assertThat(report.launches()).allMatch(launch -> launch.nanoseconds() > 0);
        assertThat(report.bytesToDevice()).isEqualTo(HEIGHT * WIDTH * 3 * 4 + 16);
      }
    }
  }
}
