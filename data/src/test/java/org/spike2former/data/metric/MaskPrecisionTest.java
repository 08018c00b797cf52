package org.spike2former.data.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spike2former.data.mask.Rle;
import org.spike2former.data.metric.MaskPrecision.Detection;
import org.spike2former.data.metric.MaskPrecision.Summary;
import org.spike2former.data.metric.MaskPrecision.Truth;

/** Rules of COCO's evaluation; whole data sets are compared in {@code verify}. */
class MaskPrecisionTest {
  private final MaskPrecision precision = new MaskPrecision(2);

  /** A run in an image of 10x10 pixels. */
  private static Rle mask(int from, int to) {
    return new Rle(10, 10, from, to - from, 100 - to);
  }

  private static Truth truth(int from, int to) {
    return new Truth(0, mask(from, to), to - from, false);
  }

  private static Detection found(int from, int to, double score) {
    return new Detection(0, mask(from, to), score);
  }

  @Test
  void truthItselfIsPerfect() {
    precision.add(List.of(truth(0, 10), truth(30, 50)), List.of(found(0, 10, 1), found(30, 50, 1)));
    Summary summary = precision.summary();
    assertThat(summary.ap()).isEqualTo(1);
    assertThat(summary.ar1()).isEqualTo(0.5);
    assertThat(summary.ar10()).isEqualTo(1);
    assertThat(summary.apSmall()).isEqualTo(1);
    assertThat(summary.apLarge()).isEqualTo(-1);
    assertThat(precision.precision(0)).isEqualTo(1);
    assertThat(precision.precision(1)).isEqualTo(-1);
  }

  @Test
  void aCrowdNeitherNeedsToBeFoundNorIsItWrongToFindItTwice() {
    Truth crowd = new Truth(0, mask(50, 100), 50, true);
    precision.add(
        List.of(truth(0, 10), crowd),
        List.of(found(0, 10, 0.5), found(50, 60, 0.9), found(55, 70, 0.8)));
    assertThat(precision.summary().ap()).isCloseTo(1, within(1e-12));
  }

  @Test
  void theSecondDetectionOfAnObjectIsWrong() {
    precision.add(
        List.of(truth(0, 10), truth(20, 30)),
        List.of(found(0, 10, 0.9), found(0, 10, 0.8), found(20, 30, 0.7)));
    // 51 hundredths of recall at precision 1, 50 at two thirds.
    assertThat(precision.summary().ap50()).isCloseTo((51 + 50 * 2 / 3.0) / 101, within(1e-12));
  }

  @Test
  void anImageWithoutObjectsCountsItsDetections() {
    precision.add(List.of(truth(0, 10)), List.of(found(0, 10, 0.5)));
    precision.add(List.of(), List.of(found(0, 10, 0.9)));
    precision.add(List.of(), List.of());
    assertThat(precision.summary().ap50()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void withoutObjectsThereIsNoFigure() {
    assertThat(precision.summary().ap()).isEqualTo(-1);
    assertThat(precision.summary().ar100()).isEqualTo(-1);
  }

  @Test
  void saysWhatDoesNotFit() {
    assertThatThrownBy(() -> precision.add(List.of(new Truth(2, mask(0, 1), 1, false)), List.of()))
        .hasMessage("category 2 is not one of 2");
    assertThatThrownBy(() -> precision.add(List.of(), List.of(found(0, 1, Double.NaN))))
        .hasMessage("a detection's score is no number");
  }
}
