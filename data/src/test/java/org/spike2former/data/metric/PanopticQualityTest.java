package org.spike2former.data.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spike2former.data.metric.PanopticQuality.Counts;
import org.spike2former.data.metric.PanopticQuality.Part;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;

/** Rules of panopticapi on maps of one row; whole data sets are compared in {@code verify}. */
class PanopticQualityTest {
  private final PanopticQuality quality = new PanopticQuality(true, true, false);

  /** Segments {id, category, crowd}. */
  private static PanopticMap map(int[] ids, int[]... segments) {
    Map<Integer, PanopticMap.Extent> extents = PanopticMap.extents(ids, ids.length);
    List<Segment> list =
        Arrays.stream(segments)
            .map(
                s ->
                    new Segment(
                        s[0],
                        s[1],
                        s[1] < 2,
                        s[2] == 1,
                        1,
                        extents.get(s[0]).area(),
                        extents.get(s[0]).box()))
            .toList();
    return new PanopticMap(1, ids.length, ids, 0, list);
  }

  @Test
  void truthItselfIsPerfect() {
    PanopticMap map =
        map(
            new int[] {1, 1, 2, 3, 0},
            new int[] {1, 0, 0},
            new int[] {2, 0, 0},
            new int[] {3, 2, 0});
    quality.add(map, map);
    assertThat(quality.counts(0)).isEqualTo(new Counts(2, 2, 0, 0));
    assertThat(quality.mean(Part.ALL)).isEqualTo(new PanopticQuality.Mean(1, 1, 1, 2));
    assertThat(quality.mean(Part.STUFF).categories()).isEqualTo(1);
  }

  @Test
  void halfOfTheUnionIsNoMatch() {
    PanopticMap truth = map(new int[] {1, 1, 2, 2}, new int[] {1, 0, 0}, new int[] {2, 1, 0});
    PanopticMap prediction = map(new int[] {1, 2, 2, 2}, new int[] {1, 0, 0}, new int[] {2, 1, 0});
    quality.add(truth, prediction);
    assertThat(quality.counts(0)).isEqualTo(new Counts(0, 0, 1, 1));
    assertThat(quality.counts(1)).isEqualTo(new Counts(2.0 / 3, 1, 0, 0));
  }

  @Test
  void voidIsNotInTheUnion() {
    PanopticMap truth = map(new int[] {1, 1, 0, 0, 0}, new int[] {1, 0, 0});
    PanopticMap prediction = map(new int[] {5, 5, 5, 5, 5}, new int[] {5, 0, 0});
    quality.add(truth, prediction);
    assertThat(quality.counts(0)).isEqualTo(new Counts(1, 1, 0, 0));
  }

  @Test
  void whatLiesMostlyInVoidOrACrowdIsNotCounted() {
    PanopticMap truth =
        map(new int[] {0, 0, 2, 2, 2, 2, 3, 3}, new int[] {2, 0, 1}, new int[] {3, 2, 0});
    PanopticMap prediction =
        map(
            new int[] {7, 7, 7, 8, 8, 9, 9, 9},
            new int[] {7, 1, 0},
            new int[] {8, 0, 0},
            new int[] {9, 2, 0});
    quality.add(truth, prediction);
    assertThat(quality.counts(0)).isEqualTo(new Counts(0, 0, 0, 0));
    assertThat(quality.counts(1)).isEqualTo(new Counts(0, 0, 0, 0));
    assertThat(quality.counts(2)).isEqualTo(new Counts(2.0 / 3, 1, 0, 0));
  }

  @Test
  void aCrowdOfAnotherCategoryIsNoExcuse() {
    PanopticMap truth = map(new int[] {2, 2}, new int[] {2, 0, 1});
    PanopticMap prediction = map(new int[] {8, 8}, new int[] {8, 1, 0});
    quality.add(truth, prediction);
    assertThat(quality.counts(1)).isEqualTo(new Counts(0, 0, 1, 0));
    assertThat(quality.counts(1).pq()).isZero();
    assertThat(quality.counts(0).isEmpty()).isTrue();
  }

  @Test
  void withoutSegmentsThereIsNoMean() {
    assertThat(quality.mean(Part.ALL).pq()).isNaN();
    assertThat(quality.counts(2).pq()).isZero();
  }

  @Test
  void saysWhatDoesNotFit() {
    PanopticMap one = map(new int[] {1}, new int[] {1, 0, 0});
    PanopticMap two = map(new int[] {1, 1}, new int[] {1, 3, 0});
    assertThatThrownBy(() -> quality.add(one, two))
        .hasMessage("prediction of 2x1 pixels, ground truth of 1x1");
    assertThatThrownBy(() -> quality.add(two, two))
        .hasMessage("segment 1: category 3 is not one of 3");
  }
}
