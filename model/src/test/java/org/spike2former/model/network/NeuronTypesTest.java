package org.spike2former.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.spike2former.model.network.NeuronConfig.Type;
import org.spike2former.snn.energy.EnergyCosts;
import org.spike2former.snn.energy.EnergyModel;
import org.spike2former.snn.energy.LayerCost;
import org.spike2former.snn.firing.FiringStatistics;
import org.spike2former.snn.firing.LayerFiring;
import org.spike2former.snn.firing.SpikeTap;
import org.spike2former.snn.spikedriven.IntegerOps;
import org.spike2former.snn.spikedriven.OperationKind;
import org.spike2former.snn.spikedriven.SpikeDrivenOps;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightType;

/** Whole networks of every type of neuron. */
class NeuronTypesTest {
  private static final int HEIGHT = 40;
  private static final int WIDTH = 48;
  private static final Workers WORKERS = new Workers(2);
  private static final Workers ONE = new Workers(1);

  @AfterAll
  static void close() {
    WORKERS.close();
    ONE.close();
  }

  static Stream<Arguments> neurons() {
    return Stream.of(
        Arguments.of(1, neuron(Type.NI_LIF, 4, 4.0, null, null)),
        Arguments.of(1, neuron(Type.I_LIF, 4, null, null, null)),
        Arguments.of(2, neuron(Type.I_LIF, 3, null, null, 0.5)),
        Arguments.of(1, neuron(Type.LIF, null, null, 0.6, null)),
        Arguments.of(3, neuron(Type.LIF, null, null, null, 0.75)),
        Arguments.of(1, neuron(Type.IF, null, null, 0.3, null)),
        Arguments.of(2, neuron(Type.IF, null, null, null, null)));
  }

  private static NeuronConfig neuron(
      Type type, Integer maxSpikes, Double norm, Double threshold, Double decay) {
    return new NeuronConfig(type, maxSpikes, norm, threshold, decay);
  }

  private static Spike2Former network(int timeSteps, NeuronConfig neuron) {
    Spike2Former network = new Spike2Former(TinyModel.config("sdtv2", timeSteps, neuron));
    Initialiser.fill(network.parameters(), Initialiser.Scheme.HE, 3, 0.5);
    return network;
  }

  private static Tensor logits(Spike2Former network, Ops ops, int seed) {
    double[] pixels =
        new SplittableRandom(seed).doubles((long) HEIGHT * WIDTH * 3, -2, 2).toArray();
    Tensor image = Tensor.of(pixels, 1, HEIGHT, WIDTH, 3).to(ops.precision().type());
    return network.semanticLogits(ops, network.predict(ops, image), 1, HEIGHT, WIDTH);
  }

  @ParameterizedTest
  @MethodSource("neurons")
  void kernelsAndThreadsGiveTheSameBits(int timeSteps, NeuronConfig neuron) {
    Spike2Former network = network(timeSteps, neuron);
    for (Precision precision : Precision.values()) {
      Ops scalar = Backends.create(Backend.SCALAR, precision, ONE);
      Ops vector = Backends.create(Backend.VECTOR, precision, WORKERS);
      for (int run = 0; run < 3; run++) {
        Tensor expected = logits(network, scalar, run);
        vector.beginRun(true);
        assertThat(logits(network, vector, run).bitEquals(expected)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("neurons")
  void kernelsGiveTheSameBitsWith8BitWeights(int timeSteps, NeuronConfig neuron) {
    Spike2Former network = network(timeSteps, neuron);
    Ops scalar = Backends.create(Backend.SCALAR, Precision.F32, WeightType.INT8, ONE);
    Ops vector = Backends.create(Backend.VECTOR, Precision.F32, WeightType.INT8, WORKERS);
    Tensor expected = logits(network, scalar, 1);
    assertThat(logits(network, vector, 1).bitEquals(expected)).isTrue();
  }

  /** Additions of weights give the bits of products with integers, and nearly the plain numbers. */
  @ParameterizedTest
  @MethodSource("neurons")
  void deploymentGivesTheSameNetwork(int timeSteps, NeuronConfig neuron) {
    Spike2Former network = network(timeSteps, neuron);
    Ops cpu = Backends.create(Backend.VECTOR, Precision.F64, WORKERS);
    SpikeDrivenOps spikes = new SpikeDrivenOps(cpu, neuron.maxSpikes(), Backend.VECTOR, WORKERS);
    Tensor expected = logits(network, new IntegerOps(cpu, neuron.maxSpikes()), 1);
    Tensor found = logits(network, spikes, 1);
    assertThat(found.bitEquals(expected)).isTrue();
    assertThat(spikes.counts().multiplications(OperationKind.NEURON_FED)).isZero();
    assertThat(spikes.counts().additions(OperationKind.NEURON_FED)).isPositive();
    Tensor plain = logits(network, cpu, 1);
    for (int i = 0; i < plain.size(); i++) {
      assertThat(found.get(i)).isCloseTo(plain.get(i), offset(1e-9));
    }
  }

  @ParameterizedTest
  @MethodSource("neurons")
  void whatTheyFireIsCountedAndCosts(int timeSteps, NeuronConfig neuron) {
    Spike2Former network = network(timeSteps, neuron);
    FiringStatistics statistics = new FiringStatistics(WORKERS);
    Ops ops = Backends.create(Backend.VECTOR, Precision.F32, WORKERS);
    logits(network, new SpikeTap(ops, List.of(statistics)), 1);
    assertThat(statistics.layers()).hasSizeGreaterThan(100);
    for (LayerFiring layer : statistics.layers()) {
      assertThat(layer.maxSpikes()).isEqualTo(neuron.maxSpikes());
      assertThat(layer.rate()).isBetween(0.0, 1.0);
    }
    assertThat(statistics.layer("decode_head.decoder_out_spike").rate()).isPositive();
    EnergyModel energy =
        new EnergyModel(
            new EnergyCosts("test", 4, 1, ""), name -> statistics.layer(name).meanSpikes());
    long fed = 0;
    for (LayerCost layer : NetworkCost.ofInference(network.config(), HEIGHT, WIDTH)) {
      if (layer.neuron() != null) {
        double most = (double) layer.macs() * neuron.maxSpikes();
        assertThat(energy.accumulates(layer)).as(layer.name()).isBetween(0.0, most);
        fed += layer.macs();
      }
    }
    assertThat(fed).isPositive();
    assertThat(NetworkCost.ofInference(NetworkCost.oneTimeStep(network.config()), HEIGHT, WIDTH))
        .hasSameSizeAs(NetworkCost.ofInference(network.config(), HEIGHT, WIDTH));
  }

  @Test
  void integerSpikesStandForThemselves() {
    Ops ops = Backends.create(Backend.VECTOR, Precision.F32, WORKERS);
    Tensor normed = logits(network(1, neuron(Type.NI_LIF, 4, 1.0, null, null)), ops, 1);
    Tensor integer = logits(network(1, neuron(Type.I_LIF, 4, null, null, null)), ops, 1);
    assertThat(integer.bitEquals(normed)).isTrue();
  }

  /** Where D is 1, rounding to an integer is comparing with ½, which itself is rounded down. */
  @Test
  void aBinaryNeuronIsAnIntegerNeuronOfOneSpike() {
    Ops ops = Backends.create(Backend.VECTOR, Precision.F32, WORKERS);
    Tensor rounding = logits(network(1, neuron(Type.I_LIF, 1, null, null, null)), ops, 1);
    double above = Math.nextUp(0.5f);
    for (Type type : List.of(Type.LIF, Type.IF)) {
      Tensor comparing = logits(network(1, neuron(type, null, null, above, null)), ops, 1);
      assertThat(comparing.bitEquals(rounding)).isTrue();
    }
  }
}
