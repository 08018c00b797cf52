package org.spike2former.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.spike2former.data.Sample;
import org.spike2former.data.mask.Box;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;

/** Segments go where their pixels go. */
class SegmentTransformsTest {
  private static final int HEIGHT = 24;
  private static final int WIDTH = 32;

  /** Class 0 has things of 4x4 pixels with ids from 1, class 1 is stuff with the id 100. */
  private static Sample sample() {
    int[] ids = new int[HEIGHT * WIDTH];
    List<Segment> segments = new ArrayList<>();
    segments.add(new Segment(100, 1, false, false, 1, 0, Box.EMPTY));
    for (int i = 0; i < ids.length; i++) {
      int block = i / WIDTH / 4 * (WIDTH / 4) + i % WIDTH / 4;
      ids[i] = block % 3 == 0 ? 100 : block % 3 == 1 ? block : 0;
    }
    for (int id = 1; id < HEIGHT * WIDTH / 16; id += 3) {
      segments.add(new Segment(id, 0, true, id == 4, 1, 0, Box.EMPTY));
    }
    PanopticMap map = new PanopticMap(HEIGHT, WIDTH, ids, 0, segments).withIds(HEIGHT, WIDTH, ids);
    return new Sample("s", HEIGHT, WIDTH, new byte[3 * ids.length], map.classes(), map);
  }

  /** Also, the labels are those of the sample without segments. */
  @Property(tries = 100)
  void labelsAndSegmentsStayTogether(@ForAll long seed) {
    Pipeline pipeline =
        new Pipeline(
            List.of(
                new Resizes.RandomResize(null, List.of(0.3, 2.5), false),
                new RandomCrop(17, 19, 0.75),
                new RandomFlip(0.5),
                new PhotometricDistortion(null, null, null, null)),
            Pad.NONE);
    Sample sample = sample();
    Sample result = pipeline.apply(sample, new SplittableRandom(seed));
    Sample semantic = new Sample("s", HEIGHT, WIDTH, sample.rgb(), sample.labels());
    Sample plain = pipeline.apply(semantic, new SplittableRandom(seed));
    assertThat(plain.segments()).isNull();
    assertThat(result.labels()).isEqualTo(plain.labels());
    assertThat(result.rgb()).isEqualTo(plain.rgb());
    assertThat(result.segments().classes()).isEqualTo(result.labels());
    int pixels = 0;
    for (Segment segment : result.segments().segments()) {
      assertThat(segment.area()).isPositive();
      assertThat(segment.crowd()).isEqualTo(segment.id() == 4);
      assertThat(segment.box().x1()).isLessThanOrEqualTo(result.width());
      pixels += segment.area();
    }
    for (byte label : result.labels()) {
      pixels += (label & 0xff) == Sample.IGNORE ? 1 : 0;
    }
    assertThat(pixels).isEqualTo(result.labels().length);
  }

  @Test
  void whatIsCutOffIsGone() {
    Sample crop = new RandomCrop(4, 4, 1).apply(sample(), new SplittableRandom(2));
    assertThat(crop.segments().segments()).hasSizeLessThanOrEqualTo(4);
    PanopticMap padded = crop.segments().padded(8, 6);
    assertThat(padded.segments()).isEqualTo(crop.segments().segments());
    assertThat(padded.id(7, 5)).isZero();
    assertThat(padded.id(3, 3)).isEqualTo(crop.segments().id(3, 3));
  }

  @Test
  void mirroringMirrorsBoxes() {
    int[] ids = {7, 7, 0, 3};
    PanopticMap map =
        new PanopticMap(
            1,
            4,
            ids,
            0,
            List.of(
                new Segment(7, 0, true, false, 1, 2, new Box(0, 0, 2, 1)),
                new Segment(3, 0, true, false, 1, 1, new Box(3, 0, 4, 1))));
    Sample mirrored =
        new RandomFlip(1.0)
            .apply(
                new Sample("s", 1, 4, new byte[12], map.classes(), map), new SplittableRandom(1));
    assertThat(mirrored.segments().ids()).containsExactly(3, 0, 7, 7);
    assertThat(mirrored.segments().segments())
        .extracting(Segment::id, Segment::box)
        .containsExactly(tuple(7, new Box(2, 0, 4, 1)), tuple(3, new Box(0, 0, 1, 1)));
  }
}
