package org.spike2former.tests.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrendTest {
  private static double growth(IntToLongFunction resident) {
    List<Sample> samples =
        IntStream.range(0, 401)
            .mapToObj(i -> new Sample("work", 10 * i, i, i, resident.applyAsLong(i), 0, 0, 0, 0, 0))
            .toList();
    return Trend.growth(samples, Sample::resident);
  }

  @Test
  void aSteadyLeakIsSeenThroughNoise() {
    Random random = new Random(1);
    assertThat(growth(i -> 1_000_000 + 50 * i + random.nextInt(500)))
        .isCloseTo(10_000, within(500.0));
  }

  @Test
  void noiseOutliersAndWhatHappensInTheFirstHalfAreNone() {
    Random random = new Random(2);
    assertThat(
            growth(
                i -> 1000L * Math.min(i, 150) + random.nextInt(500) + (i % 5 == 0 ? 1_000_000 : 0)))
        .isCloseTo(0, within(60.0));
  }
}
