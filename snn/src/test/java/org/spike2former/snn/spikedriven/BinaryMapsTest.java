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
        int[] ones = new int[channels];
        int count = maps.list(step, row, 0, channels, ones, 0);
        for (int i = 0; i < count; i++) {
          int at = row * channels + ones[i];
          assertThat((int) sums[at]).isEqualTo(step);
          sums[at]++;
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

  @Property(tries = 100)
  void anyStretchOfChannelsIsRead(
      @ForAll @IntRange(min = 1, max = 200) int channels, @ForAll long seed) {
    Samples samples = new Samples(seed);
    Tensor spikes = samples.spikes(2, 1, 3, channels);
    BinaryMaps maps = BinaryMaps.of(spikes, 2);
    int from = samples.between(0, channels - 1);
    int count = samples.between(1, channels - from);
    for (int row = 0; row < 3; row++) {
      int[] ones = new int[count];
      int end = maps.list(1, row, from, count, ones, 0);
      for (int c = 0, i = 0; c < count; c++) {
        boolean fired = spikes.bytes()[row * channels + from + c] > 1;
        assertThat(i < end && ones[i] == c).isEqualTo(fired);
        i += fired ? 1 : 0;
      }
    }
  }

  @Test
  void moreSpikesThanStepsAreRefused() {
    Tensor spikes = Tensor.spikes(new byte[] {0, 5}, 1, 2);
    assertThatThrownBy(() -> BinaryMaps.of(spikes, 4)).hasMessageContaining("5 spikes in 4 steps");
    assertThatThrownBy(() -> BinaryMaps.of(Tensor.zeros(DType.F32, 2), 4))
        .hasMessageContaining("expected spikes");
  }
}
