package org.spike2former.snn.firing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

class FiringStatisticsTest {
  private static byte[] random(int size, int maxSpikes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] k = new byte[size];
    for (int i = 0; i < size; i++) {
      k[i] = (byte) random.nextInt(maxSpikes + 1);
    }
    return k;
  }

  /** Against one spike at a time; the last size makes the counting bytes overflow if left alone. */
  @ParameterizedTest
  @CsvSource({
    "5, 1, 4, 1",
    "37, 3, 4, 2",
    "500, 45, 8, 3",
    "1000, 64, 1, 2",
    "300, 127, 127, 1",
    "7, 1300, 4, 2",
    "90000, 8, 4, 1",
    "90000, 8, 4, 3"
  })
  void countsAreThoseOfOneSpikeAtATime(int rows, int channels, int maxSpikes, int threads) {
    long[] histogram = new long[maxSpikes + 1];
    long[] sums = new long[channels];
    double means = 0;
    LayerFiring layer;
    try (Workers workers = new Workers(threads)) {
      FiringStatistics statistics = new FiringStatistics(workers);
      for (int image = 0; image < 2; image++) {
        byte[] k = random(rows * channels, maxSpikes, image);
        double sum = 0;
        for (int i = 0; i < k.length; i++) {
          histogram[k[i]]++;
          sums[i % channels] += k[i];
          sum += k[i];
        }
        means += sum / k.length / 2;
        statistics.fired("n", maxSpikes, Tensor.spikes(k, 1, 1, rows, channels));
      }
      layer = statistics.layer("n");
    }
    long all = 2L * rows * channels;
    long spikes = Arrays.stream(sums).sum();
    assertThat(layer.histogram()).containsExactly(histogram);
    assertThat(layer.meanSpikes()).isEqualTo((double) spikes / all);
    assertThat(layer.rate()).isEqualTo((double) spikes / all / maxSpikes);
    assertThat(layer.meanSpikesOfImages()).isCloseTo(means, within(1e-12));
    assertThat(layer.nonZero()).isCloseTo(1 - (double) histogram[0] / all, within(1e-15));
    assertThat(layer.silentChannels())
        .isEqualTo((int) Arrays.stream(sums).filter(s -> s == 0).count());
    assertThat(layer.images()).isEqualTo(2);
  }

  /** Channel 0 never fires, 1 always fires D, 2 fires in the second image alone. */
  @Test
  void channelsAreDeadOnlyIfNoImageWakesThem() {
    try (Workers workers = new Workers(1)) {
      FiringStatistics statistics = new FiringStatistics(workers);
      byte[] first = {0, 4, 0, 1, 0, 4, 0, 3};
      byte[] second = {0, 4, 2, 1, 0, 4, 0, 3};
      statistics.fired("n", 4, Tensor.spikes(first, 0.25, 1, 2, 4));
      assertThat(statistics.layer("n").silentChannels()).isEqualTo(2);
      statistics.fired("n", 4, Tensor.spikes(second, 0.25, 1, 2, 4));
      LayerFiring layer = statistics.layer("n");
      assertThat(layer.silentChannels()).isEqualTo(1);
      assertThat(layer.saturatedChannels()).isEqualTo(1);
      assertThat(layer.share(4)).isEqualTo(0.25);
      assertThat(layer.channels()).isEqualTo(4);
    }
  }

  @Test
  void layersOfPartsAddUpToThoseOfTheWhole() {
    try (Workers workers = new Workers(1)) {
      FiringStatistics whole = new FiringStatistics(workers);
      LayerFiring merged = null;
      for (int image = 0; image < 5; image++) {
        Tensor spikes = Tensor.spikes(random(7 * (3 + image), 4, image), 1, 1, 3 + image, 7);
        whole.fired("n", 4, spikes);
        FiringStatistics part = new FiringStatistics(workers);
        part.fired("n", 4, spikes);
        if (merged == null) {
          merged = part.layer("n");
        } else {
          merged.add(part.layer("n"));
        }
      }
      LayerFiring all = whole.layer("n");
      assertThat(merged.images()).isEqualTo(5);
      assertThat(merged.histogram()).isEqualTo(all.histogram());
      assertThat(merged.meanSpikes()).isEqualTo(all.meanSpikes());
      assertThat(merged.meanSpikesOfImages()).isEqualTo(all.meanSpikesOfImages());
      assertThat(merged.silentChannels()).isEqualTo(all.silentChannels());
    }
  }

  /** Two time steps of a map of 1×2 positions and two channels. */
  @Test
  void mapsAreMeansOverChannelsAndTime() {
    SpikeMaps maps = new SpikeMaps(Set.of("n"));
    byte[] k = {4, 0, 1, 1, 0, 0, 3, 3};
    maps.fired("other", 4, Tensor.spikes(k, 1, 2, 1, 2, 2));
    maps.fired("n", 4, Tensor.spikes(k, 1, 2, 1, 2, 2));
    assertThat(maps.maps()).containsOnlyKeys("n");
    assertThat(maps.maps().get("n").shape()).containsExactly(1, 2);
    assertThat(maps.maps().get("n").floats()).containsExactly(0.25f, 0.5f);
  }
}
