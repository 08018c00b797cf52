package org.spike2former.snn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.autograd.TapeOps;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

class NeuronTest {
  private static final Ops OPS = Backends.create(Backend.SCALAR, Precision.F64, new Workers(1));

  private static Tensor current(double... x) {
    return Tensor.of(x, x.length, 1);
  }

  @Test
  void releaseRoundsHalfToEvenAfterClamping() {
    Neuron neuron = new NiLif("n", 4, 0.25, 0, 1, 1);
    Tensor x = current(-1, 0.5, 0.51, 1.5, 2.5, 3.49, 3.5, 4.5, 100);
    assertThat(neuron.fire(OPS, x).bytes()).containsExactly(0, 0, 1, 2, 2, 3, 4, 4, 4);
  }

  @Test
  void aSpikeStandsForOneOverNorm() {
    Tensor spikes = new NiLif("n", 8, 0.125, 0, 1, 1).fire(OPS, current(3));
    assertThat(spikes.get(0)).isEqualTo(0.375);
    assertThat(new NiLif("n", 8, 1, 0, 1, 1).fire(OPS, current(3)).get(0)).isEqualTo(3);
  }

  @Test
  void stepsDoNotInteractWithoutDecay() {
    Neuron neuron = new NiLif("n", 4, 0.25, 0, 3, 1);
    assertThat(neuron.fire(OPS, current(0.4, 0.4, 0.4)).bytes()).containsExactly(0, 0, 0);
  }

  @Property
  void niLifFollowsThePaper(
      @ForAll @Size(12) double[] currents,
      @ForAll @DoubleRange(min = 0.05, max = 1) double decay,
      @ForAll @IntRange(min = 1, max = 8) int maxSpikes) {
    double[] x = new double[12];
    for (int i = 0; i < x.length; i++) {
      x[i] = Double.isFinite(currents[i]) ? Math.IEEEremainder(currents[i], 10) : 1;
    }
    int timeSteps = 3;
    int groups = 2;
    byte[] expected = new byte[12];
    for (int g = 0; g < groups; g++) {
      for (int b = 0; b < 2; b++) {
        double h = 0;
        for (int t = 0; t < timeSteps; t++) {
          int i = (g * timeSteps + t) * 2 + b;
          double u = h + x[i];
          double s = Math.rint(Math.min(Math.max(u, 0), maxSpikes)) / maxSpikes;
          expected[i] = (byte) Math.rint(s * maxSpikes);
          h = decay * (u - expected[i]);
        }
      }
    }
    Neuron neuron = new NiLif("n", maxSpikes, 1.0 / maxSpikes, decay, timeSteps, groups);
    Tensor spikes = neuron.fire(OPS, Tensor.of(x, 12, 1));
    assertThat(spikes.bytes()).containsExactly(expected);
    assertThat(spikes.scale()).isEqualTo(1.0 / maxSpikes);
  }

  @Test
  void lifLeaksAndResets() {
    Neuron neuron = new Lif("n", 1, 0.5, 1, 4, 1);
    // U: 0.8; 0.4+0.8 = 1.2 fires; 0.5·0.2+0.8 = 0.9; 0.45+0.8 = 1.25 fires.
    assertThat(neuron.fire(OPS, current(0.8, 0.8, 0.8, 0.8)).bytes()).containsExactly(0, 1, 0, 1);
  }

  @Test
  void ifKeepsEverything() {
    Neuron neuron = new Lif("n", 1, 1, 1, 4, 1);
    assertThat(neuron.fire(OPS, current(0.4, 0.4, 0.4, 0.9)).bytes()).containsExactly(0, 0, 1, 1);
  }

  /**
   * Numbers of PyTorch's autograd in float64: {@code v += x[t]; s = v ≥ θ; v = β(v − θs)}, which is
   * spikingjelly's {@code LIFNode(decay_input=False, v_reset=None)} of tau 1/(1 − β), the spike's
   * derivative being a rectangle of width 1. The loss is Σ s·weights.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 0.5 | 0 0 1 0  0 0 0 0  0 1 0 0  1 0 0 1"
            + " | 1 -1 -1 1.5  0.25 -2 1.5 3  2 1 1.25 -1  0.75 0 2.5 1",
        "1 | 1 | 0 0 1 0  1 0 0 0  0 1 0 1  1 0 1 1"
            + " | 1 -2 -1 3  0.25 -2 1.5 3  2 1 2.5 -1  0 -1.5 2.5 1",
        "0.75 | 0.25 | 0 0 1 0  1 1 0 0  0 1 0 0  1 0 1 1"
            + " | 1.02362060546875 -0.48583984375 0.384765625 0.683837890625"
            + " 0.3779296875 -1.943359375 1.5390625 2.94140625  2.046875 0.90625 0.625 -0.9375"
            + " 0.75 -1.5 2.5 1",
      })
  void binaryNeuronsHaveAnIndependentImplementationsSpikesAndGradients(
      double threshold, double decay, String spikes, String gradients) {
    double[] input = {
      0.7, -0.2, 1.3, 0.4, 0.6, 0.9, 0.45, 0.45, 0.25, 0.8, -0.4, 0.55, 1.1, 0.3, 0.95, 0.65
    };
    double[] weights = {1, 2, -1, 0.5, 0.25, -2, 1.5, 3, 2, 1, -0.5, -1, 0.75, -1.5, 2.5, 1};
    try (Workers workers = new Workers(1)) {
      TapeOps ops = Backends.createForTraining(Backend.AUTO, Precision.F64, workers);
      Tensor x = ops.variable(Tensor.of(input, 4, 4));
      Tensor fired = new Lif("n", threshold, decay, 1, 4, 1).fire(ops, x);
      assertThat(fired.bytes()).containsExactly(bytes(spikes));
      Tensor gradient = ops.backward(List.of(fired), List.of(Tensor.of(weights, 4, 4))).of(x);
      assertThat(gradient.doubles()).containsExactly(doubles(gradients), offset(1e-12));
    }
  }

  private static double[] doubles(String text) {
    return Stream.of(text.split(" +")).mapToDouble(Double::parseDouble).toArray();
  }

  private static byte[] bytes(String text) {
    double[] numbers = doubles(text);
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) numbers[i];
    }
    return bytes;
  }

  @Test
  void aSingleStepStartsFromRest() {
    Neuron neuron = new Lif("n", 1, 0.5, 4, 1, 2);
    Tensor spikes = neuron.fire(OPS, current(0.99, 1, -5, 7));
    assertThat(spikes.bytes()).containsExactly(0, 1, 0, 1);
    assertThat(spikes.get(3)).isEqualTo(4);
  }
}
