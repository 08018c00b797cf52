package org.spike2former.tests.soak;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Whether a quantity grows in a long run. */
final class Trend {
  private Trend() {}

  /**
   * How much a quantity grew over the second half of the time, by the median of the slopes between
   * all pairs of its samples (Theil and Sen), which outliers, up to 29 % of them, cannot bend.
   * Pairs are of samples after the same work; each kind leaves other things behind. The first half
   * may fill caches and compile.
   */
  static double growth(List<Sample> samples, ToDoubleFunction<Sample> quantity) {
    double end = samples.getLast().seconds();
    List<Sample> half = samples.stream().filter(sample -> sample.seconds() >= end / 2).toList();
    double[] slopes = new double[half.size() * (half.size() - 1) / 2];
    int count = 0;
    for (int i = 0; i < half.size(); i++) {
      for (int j = i + 1; j < half.size(); j++) {
        Sample early = half.get(i);
        Sample late = half.get(j);
        if (early.after().equals(late.after())) {
          double rise = quantity.applyAsDouble(late) - quantity.applyAsDouble(early);
          slopes[count++] = rise / (late.seconds() - early.seconds());
        }
      }
    }
    Arrays.sort(slopes, 0, count);
    return slopes[count / 2] * (end - half.getFirst().seconds());
  }
}
