package org.spike2former.data.panoptic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;
import org.spike2former.data.LabelMap;
import org.spike2former.data.mask.Box;

class ComponentsTest {
  /** Of a thing c, a stuff s, and pixels without class. */
  private static LabelMap labels(String... rows) {
    byte[] labels = new byte[rows.length * rows[0].length()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] =
          switch (rows[i / rows[0].length()].charAt(i % rows[0].length())) {
            case 'c' -> 0;
            case 's' -> 1;
            default -> (byte) 255;
          };
    }
    return new LabelMap(rows.length, rows[0].length(), labels);
  }

  @Test
  void everyRegionOfAThingIsOne() {
    LabelMap labels =
        labels(
            "cc.s", //
            "cc.c", "s.cc", "c..s");
    PanopticMap map = new Components(1, 2, 4).of(labels, 2);
    assertThat(map.segments())
        .extracting(
            Segment::id,
            Segment::category,
            Segment::thing,
            Segment::crowd,
            Segment::area,
            Segment::box)
        .containsExactly(
            tuple(1, 0, true, false, 4, new Box(0, 0, 2, 2)),
            tuple(2, 1, false, false, 3, new Box(0, 0, 4, 4)),
            tuple(3, 0, true, false, 3, new Box(2, 1, 4, 3)),
            tuple(4, 0, true, true, 1, new Box(0, 3, 1, 4)));
    assertThat(map.id(0, 2)).isEqualTo(map.voidId());
    assertThat(map.classes()).isEqualTo(labels.labels());
  }

  @Test
  void cornersConnectWithEightNeighboursOnly() {
    LabelMap labels =
        labels(
            "c.", //
            ".c");
    assertThat(new Components(1, 1, 8).of(labels, 2).segments()).hasSize(1);
    assertThat(new Components(1, 1, 4).of(labels, 2).segments()).hasSize(2);
  }

  @Test
  void tooSmallRegionsAreOneCrowd() {
    PanopticMap map = new Components(1, 2, 4).of(labels("c.c.cc"), 2);
    assertThat(map.segments())
        .extracting(Segment::crowd, Segment::area)
        .containsExactly(tuple(true, 2), tuple(false, 2));
  }

  @Test
  void numbersMustMakeSense() {
    assertThatThrownBy(() -> new Components(1, 0, 8)).hasMessageContaining("found 0 and 8");
    assertThatThrownBy(() -> new Components(1, 1, 6)).hasMessageContaining("found 1 and 6");
    byte[] labels = new byte[201 * 201];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % 2 == 0 ? 0 : 255);
    }
    assertThatThrownBy(() -> new Components(1, 1, 4).of(new LabelMap(201, 201, labels), 1))
        .hasMessage("more than 10000 segments");
  }
}
