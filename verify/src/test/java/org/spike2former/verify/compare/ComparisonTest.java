package org.spike2former.verify.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;

class ComparisonTest {
  @Test
  void measuresAgainstTheLargestMagnitude() {
    Tensor expected = Tensor.of(new double[] {1, -8, 0, 2}, 2, 2);
    Tensor computed = Tensor.of(new float[] {1, -8, 0.5f, 1.75f}, 2, 2);

    Difference difference = Difference.of("x", expected, computed);

    assertThat(difference).isEqualTo(new Difference(0.5, 0.0625, 2));
    assertThat(difference.within(0.0625)).isTrue();
    assertThat(difference.within(0.06)).isFalse();
    TensorComparison row = TensorComparison.real("x", ComparisonKind.TRACE, difference, 0.06, 2, 2);
    assertThat(row.worst()).containsExactly(1, 0);
    assertThat(row.pass()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void failsForNumbersThatAreNotFinite(double bad) {
    Tensor good = Tensor.of(new double[] {1, 2, 3}, 3);
    Tensor broken = Tensor.of(new double[] {1, bad, 3}, 3);

    for (Difference difference :
        List.of(
            Difference.of("x", good, broken),
            Difference.of("x", broken, good),
            Difference.of("x", broken, broken))) {
      TensorComparison row =
          TensorComparison.real("x", ComparisonKind.OUTPUT, difference, Double.MAX_VALUE, 3);
      assertThat(row.pass()).isFalse();
      assertThat(row.worst()).containsExactly(1);
      assertThat(row.note()).isEqualTo("NaN or infinite");
    }
  }

  @Test
  void zerosMustBeZero() {
    Tensor zeros = Tensor.of(new double[2], 2);
    Tensor almost = Tensor.of(new double[] {0, 1e-300}, 2);

    assertThat(Difference.of("x", zeros, zeros).within(1e-9)).isTrue();
    assertThat(Difference.of("x", zeros, almost).within(1e-9)).isFalse();
  }

  @Test
  void namesTensorsOfDifferentShape() {
    Tensor a = Tensor.of(new double[6], 2, 3);
    assertThatThrownBy(() -> Difference.of("backbone.x1", a, a.reshape(3, 2)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("backbone.x1: expected shape [2, 3], found [3, 2]");
  }

  @Test
  void coordinatesAndIndexAreInverse() {
    int[] shape = {2, 3, 1, 4};
    for (int i = 0; i < 24; i++) {
      List<Integer> at = TensorComparison.list(Difference.coordinates(i, shape));
      assertThat(Difference.index(at, shape)).isEqualTo(i);
    }
    assertThat(Difference.coordinates(23, shape)).containsExactly(1, 2, 0, 3);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 4, 3.5, true",
    "4, 3, 3.500009, true",
    "3, 4, 3.499991, true",
    "3, 4, 3.50002, false",
    "3, 4, 3.48, false",
    "3, 5, 4.5, false",
    "3, 5, 3.5, false",
    "3, 4, 4.5, false",
    "3, 4, 2.5, false",
    "0, 1, 0.5, true",
    "0, 1, NaN, false",
    "0, 1, , false",
  })
  void aNearTieLiesOnTheBoundaryBetweenBothSpikes(
      int recorded, int computed, Double potential, boolean near) {
    Flip flip = new Flip("n", List.of(0), recorded, computed, potential);
    assertThat(flip.isNearTie()).isEqualTo(near);
  }

  @Test
  void spikesPassOnlyIfEveryFlipIsANearTie() {
    Tensor recorded = Tensor.spikes(new byte[] {0, 1, 2, 3}, 1, 2, 2);
    Tensor computed = Tensor.spikes(new byte[] {0, 2, 2, 2}, 0.25, 2, 2);
    SpikeComparison comparison = SpikeComparison.of("n", recorded, computed);
    List<Flip> flips = comparison.flips();
    assertThat(flips)
        .containsExactly(
            new Flip("n", List.of(0, 1), 1, 2, null), new Flip("n", List.of(1, 1), 3, 2, null));

    SpikeComparison half =
        comparison.withFlips(List.of(flips.get(0).withPotential(1.5), flips.get(1)));
    SpikeComparison both =
        comparison.withFlips(
            List.of(flips.get(0).withPotential(1.5), flips.get(1).withPotential(2.500001)));

    assertThat(comparison.row().pass()).isFalse();
    assertThat(half.row().pass()).isFalse();
    assertThat(half.row().note()).isEqualTo("1 spikes differ without a near tie");
    assertThat(both.row().pass()).isTrue();
    assertThat(both.row().nearTies()).isEqualTo(2);
    assertThat(both.row().worst()).containsExactly(0, 1);
  }

  @Test
  void moreFlipsThanAreListedFail() {
    int n = SpikeComparison.MOST_LISTED + 1;
    byte[] ones = new byte[n];
    java.util.Arrays.fill(ones, (byte) 1);
    SpikeComparison comparison =
        SpikeComparison.of("n", Tensor.spikes(new byte[n], 1, n), Tensor.spikes(ones, 1, n));
    SpikeComparison near =
        comparison.withFlips(comparison.flips().stream().map(f -> f.withPotential(0.5)).toList());

    assertThat(near.row().flipped()).isEqualTo(n);
    assertThat(near.row().nearTies()).isEqualTo(n - 1);
    assertThat(near.row().pass()).isFalse();
  }
}
