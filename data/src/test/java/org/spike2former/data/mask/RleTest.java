package org.spike2former.data.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Masks against numbers of pycocotools 2.0.11. */
class RleTest {
  private static JsonNode recorded(String key) throws IOException {
    Path file = Path.of("src/test/resources/masks/pycocotools.json");
    return new ObjectMapper().readTree(file.toFile()).path(key);
  }

  private static Rle mask(JsonNode node, String text) {
    return Rle.of(node.path("height").intValue(), node.path("width").intValue(), text);
  }

  @Test
  void masksAreThoseOfPycocotools() throws IOException {
    for (JsonNode node : recorded("masks")) {
      String text = node.path("a").textValue();
      Rle a = mask(node, text);
      Rle b = mask(node, node.path("b").textValue());
      assertThat(a.text()).isEqualTo(text);
      assertThat(a.toBits().toRle()).isEqualTo(a);
      assertThat(a.area()).isEqualTo(node.path("areas").path(0).longValue());
      assertThat(b.area()).isEqualTo(node.path("areas").path(1).longValue());
      JsonNode box = node.path("box");
      assertThat(a.box())
          .isEqualTo(
              new Box(
                  box.path(0).intValue(),
                  box.path(1).intValue(),
                  box.path(0).intValue() + box.path(2).intValue(),
                  box.path(1).intValue() + box.path(3).intValue()));
      assertThat(Rle.union(List.of(a, b)).text()).isEqualTo(node.path("union").textValue());
      assertThat(a.iou(b, false)).isEqualTo(node.path("iou").doubleValue());
      assertThat(a.iou(b, true)).isEqualTo(node.path("crowd").doubleValue());
      BitMask bits = a.toBits();
      for (int y = 0; y < node.path("rows").size(); y++) {
        String row = node.path("rows").path(y).textValue();
        for (int x = 0; x < row.length(); x++) {
          assertThat(bits.get(y, x)).isEqualTo(row.charAt(x) == '1');
        }
      }
    }
  }

  @Test
  void polygonsAreThoseOfPycocotools() throws IOException {
    for (JsonNode node : recorded("polygons")) {
      double[] corners = new double[node.path("corners").size()];
      for (int i = 0; i < corners.length; i++) {
        corners[i] = node.path("corners").path(i).doubleValue();
      }
      Rle mask =
          Polygon.mask(corners, node.path("height").intValue(), node.path("width").intValue());
      assertThat(mask.text()).as("%s", node).isEqualTo(node.path("mask").textValue());
    }
  }

  @Test
  void bitsSurviveTheWayToRunsAndBack() {
    SplittableRandom random = new SplittableRandom(1);
    for (int width : new int[] {1, 63, 64, 65, 130}) {
      BitMask mask = new BitMask(17, width);
      for (int i = 0; i < 17 * width; i++) {
        if (random.nextInt(3) == 0) {
          mask.set(i / width, i % width);
        }
      }
      assertThat(mask.toRle().toBits()).isEqualTo(mask);
    }
  }

  @Test
  void runsOfLengthZeroAreNoPixels() {
    Rle mask = new Rle(2, 3, 0, 1, 0, 0, 2, 1, 0, 2);
    assertThat(mask.area()).isEqualTo(4);
    assertThat(mask.box()).isEqualTo(new Box(0, 0, 3, 2));
    assertThat(mask.intersection(new Rle(2, 3, 0, 6))).isEqualTo(4);
    assertThat(new Rle(2, 3, 6, 0).box()).isEqualTo(Box.EMPTY);
  }

  @Test
  void saysWhatIsWrongWithRuns() {
    assertThatThrownBy(() -> new Rle(2, 3, 1, 4))
        .hasMessage("runs of 5 pixels in all, expected 6 of a mask of 3x2");
    assertThatThrownBy(() -> new Rle(2, 3, 1, 6))
        .hasMessage("runs of 7 pixels in all, expected 6 of a mask of 3x2");
    assertThatThrownBy(() -> new Rle(2, 3, 7, -1)).hasMessage("run 1 has the length -1");
    assertThatThrownBy(() -> Rle.of(2, 3, "1 5"))
        .hasMessage("compressed runs cannot have the character at position 1");
    assertThatThrownBy(() -> Rle.of(2, 3, "1P")).hasMessage("compressed runs end within a number");
    assertThatThrownBy(() -> Rle.of(2, 3, "oooooooo1"))
        .hasMessage("compressed runs cannot have the character at position 7");
    assertThatThrownBy(() -> new Rle(2, 3, 6).iou(new Rle(3, 2, 6), false))
        .hasMessage("masks of 3x2 and 2x3 pixels");
    assertThatThrownBy(() -> Rle.union(List.of())).hasMessage("no mask to unite");
  }

  @Test
  void manyMasksAreUnited() {
    List<Rle> columns = new ArrayList<>();
    for (int x = 0; x < 9; x += 2) {
      columns.add(new Rle(3, 9, 3 * x, 3, 3 * (8 - x)));
    }
    assertThat(Rle.union(columns).counts()).containsExactly(0, 3, 3, 3, 3, 3, 3, 3, 3, 3);
  }

  @Test
  void saysWhatIsWrongWithPolygons() {
    assertThatThrownBy(() -> Polygon.mask(new double[] {1, 1, 2, 2}, 4, 4))
        .hasMessage("a polygon of 2 points, expected at least 3");
    assertThatThrownBy(() -> Polygon.mask(new double[] {1, 1, 2, 2, 3, 3, 4}, 4, 4))
        .hasMessage("a polygon of 7 coordinates, expected x and y by turns");
    assertThatThrownBy(() -> Polygon.mask(new double[] {1, 1, 2, Double.NaN, 3, 3}, 4, 4))
        .hasMessage("a polygon has the coordinate NaN");
  }
}
