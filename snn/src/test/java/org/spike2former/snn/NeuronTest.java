package org.spike2former.snn;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

class NeuronTest {
  private static final Ops OPS = Backends.create("scalar", Precision.F64, new Workers(1));

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
}
