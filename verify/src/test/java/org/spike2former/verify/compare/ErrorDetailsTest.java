package org.spike2former.verify.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spike2former.tensor.Tensor;
import org.spike2former.verify.compare.ErrorDetails.Bin;
import org.spike2former.verify.compare.ErrorDetails.Element;

class ErrorDetailsTest {
  @Test
  void countsErrorsByPowersOfTenOfTheLargestMagnitude() {
    Tensor recorded = Tensor.of(new double[] {-8, 1, 2, 0, 4, 4}, 2, 3);
    Tensor computed = Tensor.of(new double[] {-8, 1.5, 2.004, 0, 4.25, 4}, 2, 3);

    ErrorDetails details = ErrorDetails.of(recorded, computed);

    assertThat(details.sampled()).isEqualTo(6);
    assertThat(details.zeros()).isEqualTo(3);
    assertThat(details.histogram()).containsExactly(new Bin(-4, 1), new Bin(-2, 2));
    assertThat(details.worst())
        .containsExactly(
            new Element(List.of(0, 1), 1, 1.5),
            new Element(List.of(1, 1), 4, 4.25),
            new Element(List.of(0, 2), 2, 2.004));
    assertThat(details.map()).isNull();
  }

  @Test
  void percentilesAreOfAllErrors() {
    double[] zeros = new double[101];
    double[] ramp = new double[101];
    for (int i = 0; i <= 100; i++) {
      zeros[i] = 100;
      ramp[i] = 100 + i;
    }
    List<Double> percentiles =
        ErrorDetails.of(Tensor.of(zeros, 101), Tensor.of(ramp, 101)).percentiles();
    assertThat(percentiles).hasSize(4);
    assertThat(percentiles.get(0)).isCloseTo(0.5, within(1e-12));
    assertThat(percentiles.get(1)).isCloseTo(0.9, within(0.01));
    assertThat(percentiles.get(3)).isEqualTo(1);
  }

  @Test
  void largeTensorsAreSampledButTheWorstIsFound() {
    int n = 2 * ErrorDetails.MOST_SAMPLED + 10;
    double[] ones = new double[n];
    java.util.Arrays.fill(ones, 1);
    double[] other = ones.clone();
    other[n - 2] = 1.5;

    ErrorDetails details = ErrorDetails.of(Tensor.of(ones, n), Tensor.of(other, n));

    assertThat(details.sampled()).isLessThanOrEqualTo(ErrorDetails.MOST_SAMPLED);
    assertThat(details.worst()).containsExactly(new Element(List.of(n - 2), 1, 1.5));
  }

  @Test
  void whatIsNotFiniteIsTheWorst() {
    Tensor recorded = Tensor.of(new double[] {1, 1, 1}, 3);
    Tensor computed = Tensor.of(new double[] {2, Double.NaN, 1}, 3);
    ErrorDetails details = ErrorDetails.of(recorded, computed);
    assertThat(details.sampled()).isEqualTo(2);
    assertThat(details.worst().get(0)).isEqualTo(new Element(List.of(1), 1, Double.NaN));
  }

  @Test
  void mapsShowWhereSpikesDiffer() {
    byte[] zeros = new byte[2 * 3 * 4 * 5];
    byte[] some = zeros.clone();
    some[((1 * 3 + 2) * 4 + 1) * 5 + 3] = 1;
    some[((0 * 3 + 2) * 4 + 1) * 5] = 2;
    some[((0 * 3 + 0) * 4 + 3) * 5 + 4] = 1;
    FlipMap map =
        FlipMap.of(Tensor.spikes(zeros, 1, 2, 3, 4, 5), Tensor.spikes(some, 1, 2, 3, 4, 5));
    assertThat(map.axes()).isEqualTo("height × width");
    assertThat(map.rows()).isEqualTo(3);
    assertThat(map.columns()).isEqualTo(4);
    assertThat(map.counts()).containsExactly(0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0);
    assertThat(map.most()).isEqualTo(2);
  }

  @Test
  void largeMapsAreReduced() {
    int tokens = 3 * FlipMap.MOST - 1;
    byte[] zeros = new byte[tokens * 2];
    byte[] some = zeros.clone();
    some[0] = 1;
    some[some.length - 1] = 1;
    FlipMap map =
        FlipMap.of(Tensor.spikes(zeros, 1, 1, tokens, 2), Tensor.spikes(some, 1, 1, tokens, 2));
    assertThat(map.axes()).isEqualTo("tokens × channels");
    assertThat(map.rows()).isEqualTo(FlipMap.MOST);
    assertThat(map.columns()).isEqualTo(2);
    assertThat(map.counts()[0]).isEqualTo(1);
    assertThat(map.counts()[map.counts().length - 1]).isEqualTo(1);
  }
}
