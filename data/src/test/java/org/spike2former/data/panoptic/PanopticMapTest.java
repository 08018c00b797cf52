package org.spike2former.data.panoptic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.mask.Box;
import org.spike2former.data.mask.Rle;
import org.spike2former.data.panoptic.PanopticMap.Extent;

class PanopticMapTest {
  @TempDir private Path folder;

  private static Segment segment(int id) {
    return new Segment(id, 0, true, false, 1, 2, new Box(0, 0, 1, 1));
  }

  @Test
  void extentsOfIds() {
    assertThat(PanopticMap.extents(new int[] {0, 7, 7, 7, 7, 0}, 3))
        .containsOnly(
            Map.entry(0, new Extent(2, new Box(0, 0, 3, 2))),
            Map.entry(7, new Extent(4, new Box(0, 0, 3, 2))));
  }

  @Test
  void masksOfIds() {
    PanopticMap map = new PanopticMap(2, 2, new int[] {7, 0, 7, 7}, 0, List.of(segment(7)));
    assertThat(map.mask(7)).isEqualTo(new Rle(2, 2, 0, 2, 1, 1));
  }

  @Test
  void idsAreThoseOfSegments() {
    assertThatThrownBy(() -> new PanopticMap(1, 3, new int[] {7, 0, 8}, 0, List.of(segment(7))))
        .hasMessage("id 8 at x=2, y=0 is that of no segment");
    assertThatThrownBy(
            () -> new PanopticMap(1, 1, new int[] {7}, 0, List.of(segment(7), segment(7))))
        .hasMessage("two segments have the id 7");
    assertThatThrownBy(() -> new PanopticMap(1, 1, new int[] {7}, 7, List.of(segment(7))))
        .hasMessage("segment 7 has the id of void");
    assertThatThrownBy(() -> new PanopticMap(1, 2, new int[] {7}, 0, List.of(segment(7))))
        .hasMessage("1 ids do not fill 2x1 pixels");
    assertThatThrownBy(() -> new Segment(3, -1, true, false, 1, 2, Box.EMPTY))
        .hasMessage("segment 3: category -1, score 1.0, area 2");
  }

  @Test
  void coloursHoldIds() throws Exception {
    PanopticPng.Ids ids = new PanopticPng.Ids(1, 4, new int[] {0, 1, 0x030201, 0xffffff});
    Path file = folder.resolve("ids.png");
    PanopticPng.write(ids, file);
    assertThat(PanopticPng.read(file).ids()).isEqualTo(ids.ids());
    assertThatThrownBy(() -> PanopticPng.image(new PanopticPng.Ids(1, 1, new int[] {1 << 24})))
        .hasMessage("id 16777216 does not fit a colour");
    Files.writeString(file, "no image");
    assertThatThrownBy(() -> PanopticPng.read(file))
        .hasMessageStartingWith(file + ": not an image");
  }
}
