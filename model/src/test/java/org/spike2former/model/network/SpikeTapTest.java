package org.spike2former.model.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.snn.firing.SpikeTap;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

class SpikeTapTest {
  /** Hears the same spikes the slow way, every neuron by itself. */
  private static final class Observer extends ForwardingOps {
    final Map<String, Tensor> spikes = new LinkedHashMap<>();

    Observer(Ops ops) {
      super(ops);
    }

    @Override
    public Tensor observeSpikes(String neuron, Tensor potential, Tensor fired) {
      spikes.put(neuron, fired.copy());
      return fired;
    }
  }

  @ParameterizedTest
  @CsvSource({"sdtv2, 1, 0", "sdtv3, 1, 0", "sdtv2, 3, 0", "sdtv3, 2, 0.5"})
  void hearsEveryNeuronAndChangesNothing(String backbone, int timeSteps, double decay) {
    Spike2Former network = new Spike2Former(TinyModel.config(backbone, timeSteps, decay));
    Initialiser.fill(network.parameters(), 3);
    try (Workers workers = new Workers(2)) {
      Ops ops = Backends.create(Backend.AUTO, Precision.F32, workers);
      Map<String, Tensor> heard = new LinkedHashMap<>();
      SpikeTap tap =
          new SpikeTap(
              ops,
              List.of(
                  (neuron, maxSpikes, spikes) -> {
                    assertThat(maxSpikes).as(neuron).isEqualTo(4);
                    heard.put(neuron, spikes.copy());
                  }));
      for (int run = 0; run < 3; run++) {
        Tensor image = image(run);
        Observer observer = new Observer(Backends.create(Backend.SCALAR, Precision.F32, workers));
        Tensor expected = network.predict(observer, image).masks();
        heard.clear();
        tap.beginRun(true);
        assertThat(network.predict(tap, image).masks().bitEquals(expected)).isTrue();
        assertThat(heard.keySet()).containsExactlyElementsOf(observer.spikes.keySet());
        heard.forEach(
            (neuron, spikes) ->
                assertThat(spikes.bytes())
                    .as(neuron)
                    .isEqualTo(observer.spikes.get(neuron).bytes()));
      }
    }
  }

  private static Tensor image(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] pixels = new float[48 * 40 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-2, 2);
    }
    return Tensor.of(pixels, 1, 48, 40, 3);
  }
}
