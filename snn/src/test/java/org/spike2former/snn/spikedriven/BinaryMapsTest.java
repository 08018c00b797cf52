package org.spike2former.snn.spikedriven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

class BinaryMapsTest {
  @Property(tries = 100)
  void theOnesOfAllStepsAddUpToTheSpikes(
      @ForAll @IntRange(min = 1, max = 8) int steps,
      @ForAll @IntRange(min = 1, max = 130) int channels,
      @ForAll long seed) {
    Tensor spikes = new Samples(seed).spikes(steps, 1, 3, channels);
    BinaryMaps maps = BinaryMaps.of(spikes, steps);
    byte[] sums = new byte[spikes.size()];
    long total = 0;
    for (int step = 0; step < steps; step++) {
      for (int row = 0; row < 3; row++) {
        for (int c = maps.next(step, row, 0); c < channels; c = maps.next(step, row, c + 1)) {
          assertThat((int) sums[row * channels + c]).isEqualTo(step);
          sums[row * channels + c]++;
        }
      }
    }
    assertThat(sums).isEqualTo(spikes.bytes());
    for (byte k : sums) {
      total += k;
    }
    assertThat(maps.ones()).isEqualTo(total);
    assertThat(maps.firingRate()).isEqualTo((double) total / steps / 3 / channels);
  }

  @Test
  void moreSpikesThanStepsAreRefused() {
    Tensor spikes = Tensor.spikes(new byte[] {0, 5}, 1, 2);
    assertThatThrownBy(() -> BinaryMaps.of(spikes, 4)).hasMessageContaining("5 spikes in 4 steps");
    assertThatThrownBy(() -> BinaryMaps.of(Tensor.zeros(DType.F32, 2), 4))
        .hasMessageContaining("expected spikes");
  }
}
