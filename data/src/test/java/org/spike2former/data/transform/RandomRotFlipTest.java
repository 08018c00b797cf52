package org.spike2former.data.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spike2former.data.Sample;
import org.spike2former.data.mask.Box;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;
import org.spike2former.data.pixel.Frames;
import org.spike2former.data.pixel.Rotation;

class RandomRotFlipTest {
  private static final int HEIGHT = 6;
  private static final int WIDTH = 9;

  /** Each pixel has its place as its number and its label. */
  private static Sample sample() {
    float[] values = new float[HEIGHT * WIDTH];
    byte[] labels = new byte[values.length];
    int[] ids = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = i + 1;
      labels[i] = (byte) i;
      ids[i] = 1;
    }
    PanopticMap map =
        new PanopticMap(
            HEIGHT,
            WIDTH,
            ids,
            0,
            List.of(
                new Segment(1, 0, true, false, 1, values.length, new Box(0, 0, WIDTH, HEIGHT))));
    return new Sample("s", new Frames(1, HEIGHT, WIDTH, 1, values), labels, map);
  }

  private static String places(Sample sample) {
    StringBuilder text = new StringBuilder();
    text.append(sample.height()).append('x').append(sample.width());
    for (byte label : sample.labels()) {
      text.append(' ').append(label);
    }
    return text.toString();
  }

  /** Row by row of what numpy's flip(rot90(x, k), axis) gives, by its definition. */
  private static String expected(int quarters, int axis) {
    int[][] x = new int[HEIGHT][WIDTH];
    for (int i = 0; i < HEIGHT * WIDTH; i++) {
      x[i / WIDTH][i % WIDTH] = i;
    }
    for (int k = 0; k < quarters; k++) {
      int[][] turned = new int[x[0].length][x.length];
      for (int i = 0; i < turned.length; i++) {
        for (int j = 0; j < turned[0].length; j++) {
          turned[i][j] = x[j][x[0].length - 1 - i];
        }
      }
      x = turned;
    }
    StringBuilder text = new StringBuilder();
    text.append(x.length).append('x').append(x[0].length);
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x[0].length; j++) {
        int[] row = x[axis == 0 ? x.length - 1 - i : i];
        text.append(' ').append(row[axis == 0 ? j : row.length - 1 - j]);
      }
    }
    return text.toString();
  }

  @Test
  void quartersAndMirrorsAreNumpys() {
    Set<String> expected = new HashSet<>();
    for (int quarters = 0; quarters < 4; quarters++) {
      expected.add(expected(quarters, 0));
      expected.add(expected(quarters, 1));
    }
    // A turn and one mirroring make no turn.
    assertThat(expected).hasSize(4);
    RandomRotFlip always = new RandomRotFlip(0.0, 1.0, 20.0, null);
    Set<String> found = new HashSet<>();
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 200; i++) {
      Sample turned = always.apply(sample(), random);
      found.add(places(turned));
      for (int p = 0; p < turned.labels().length; p++) {
        assertThat(((Frames) turned.pixels()).values()[p]).isEqualTo(turned.labels()[p] + 1);
      }
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void whatComesFromOutsideHasNoClass() {
    Sample turned = new RandomRotFlip(1.0, 0.0, 180.0, null).apply(sample(), random());
    Sample filled = new RandomRotFlip(1.0, 0.0, 180.0, 3).apply(sample(), random());
    int outside = 0;
    for (int i = 0; i < turned.labels().length; i++) {
      boolean none = turned.labels()[i] == (byte) Sample.IGNORE;
      outside += none ? 1 : 0;
      assertThat(filled.labels()[i]).isEqualTo(none ? 3 : turned.labels()[i]);
      assertThat(turned.segments().ids()[i]).isEqualTo(none ? 0 : 1);
    }
    assertThat(outside).isPositive();
  }

  private static SplittableRandom random() {
    return new SplittableRandom(4);
  }

  @Test
  void probabilitiesAndAnglesAreKeptTo() {
    RandomRotFlip usual = new RandomRotFlip(null, null, null, null);
    SplittableRandom random = random();
    int same = 0;
    int turned = 0;
    Set<String> quarters = new HashSet<>();
    for (int k = 0; k < 4; k++) {
      quarters.add(expected(k, 0));
      quarters.add(expected(k, 1));
    }
    for (int i = 0; i < 2000; i++) {
      String places = places(usual.apply(sample(), random));
      same += places.equals(places(sample())) ? 1 : 0;
      turned += quarters.contains(places) ? 1 : 0;
    }
    // A quarter of them are left alone; and small angles move no label.
    assertThat(same).isBetween(450, 1000);
    assertThat(turned).isBetween(400, 600);
    assertThat(new Rotation(0).nearest(HEIGHT, WIDTH)[10]).isEqualTo(10);
  }
}
