package org.spike2former.data.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.spike2former.data.Sample;

class TransformsTest {
  private static final RandomGenerator NONE = null;

  /** Pixel (y, x) has the colour (y, x, 7) and the label (y + x) mod 4. */
  private static Sample sample(int height, int width) {
    byte[] rgb = new byte[3 * height * width];
    byte[] labels = new byte[height * width];
    for (int i = 0; i < labels.length; i++) {
      rgb[3 * i] = (byte) (i / width);
      rgb[3 * i + 1] = (byte) (i % width);
      rgb[3 * i + 2] = 7;
      labels[i] = (byte) ((i / width + i % width) % 4);
    }
    return new Sample("s", height, width, rgb, labels);
  }

  private static String size(Sample sample) {
    return sample.width() + "x" + sample.height();
  }

  /** Sizes of mmcv's {@code imrescale}, by hand. */
  @Test
  void resizeKeepsTheRatioOrNot() {
    Sample sample = sample(75, 100);
    assertThat(size(new Resizes.Resize(200, 50, true).apply(sample, NONE))).isEqualTo("67x50");
    assertThat(size(new Resizes.Resize(50, 200, true).apply(sample, NONE))).isEqualTo("67x50");
    assertThat(size(new Resizes.Resize(60, 200, true).apply(sample, NONE))).isEqualTo("80x60");
    assertThat(size(new Resizes.Resize(80, 60, false).apply(sample, NONE))).isEqualTo("80x60");
    assertThat(size(new Resizes.Resize(30, 90, false).apply(sample, NONE))).isEqualTo("30x90");
  }

  @Test
  void shortestEdgeMayBeHeldBackByTheLongest() {
    Sample sample = sample(75, 100);
    assertThat(size(new Resizes.ResizeShortestEdge(128, 512).apply(sample, NONE)))
        .isEqualTo("171x128");
    assertThat(size(new Resizes.ResizeShortestEdge(128, 150).apply(sample, NONE)))
        .isEqualTo("150x113");
    assertThat(size(new Resizes.ResizeShortestEdge(30, 512).apply(sample(100, 75), NONE)))
        .isEqualTo("30x40");
  }

  @Test
  void multiplesAreRoundedUp() {
    assertThat(size(new Resizes.ResizeToMultiple(32).apply(sample(33, 64), NONE)))
        .isEqualTo("64x64");
  }

  @Test
  void randomResizeStaysInItsRange() {
    RandomGenerator random = new SplittableRandom(1);
    Set<String> sizes = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      Sample result =
          new Resizes.RandomResize(List.of(100, 50), List.of(0.5, 2.0), true)
              .apply(sample(50, 100), random);
      assertThat(result.height()).isBetween(25, 100);
      assertThat(result.width()).isBetween(2 * result.height() - 1, 2 * result.height() + 1);
      sizes.add(size(result));
    }
    assertThat(sizes).hasSizeGreaterThan(50);
  }

  @Test
  void withoutScaleTheImagesOwnSizeIsResized() {
    RandomGenerator random = new SplittableRandom(1);
    Sample result =
        new Resizes.RandomResize(null, List.of(1.5, 1.5), true).apply(sample(20, 30), random);
    assertThat(size(result)).isEqualTo("45x30");
    assertThat(result.labels()[0]).isZero();
    assertThat(result.labels()[45 * 30 - 1]).isEqualTo((byte) ((19 + 29) % 4));
  }

  @Test
  void choiceTakesEveryEdgeOnly() {
    RandomGenerator random = new SplittableRandom(3);
    Set<Integer> heights = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      heights.add(
          new Resizes.RandomChoiceResize(List.of(8, 12, 20), 1000)
              .apply(sample(10, 20), random)
              .height());
    }
    assertThat(heights).containsExactlyInAnyOrder(8, 12, 20);
  }

  /** Colours name the place that they come from, and labels come from the same. */
  @Property(tries = 200)
  void cropsAreParts(
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 50) int cropHeight,
      @ForAll @IntRange(min = 1, max = 50) int cropWidth,
      @ForAll long seed) {
    Sample crop =
        new RandomCrop(cropHeight, cropWidth, 0.75)
            .apply(sample(height, width), new SplittableRandom(seed));
    assertThat(crop.height()).isEqualTo(Math.min(height, cropHeight));
    assertThat(crop.width()).isEqualTo(Math.min(width, cropWidth));
    int top = crop.rgb()[0];
    int left = crop.rgb()[1];
    for (int i = 0; i < crop.labels().length; i++) {
      int y = top + i / crop.width();
      int x = left + i % crop.width();
      assertThat(crop.rgb()[3 * i]).isEqualTo((byte) y);
      assertThat(crop.rgb()[3 * i + 1]).isEqualTo((byte) x);
      assertThat(crop.labels()[i]).isEqualTo((byte) ((y + x) % 4));
    }
  }

  /** One class fills the image but for a stripe on the right that a crop is drawn to. */
  @Test
  void cropsAvoidASingleClass() {
    Sample striped = sample(10, 100);
    Arrays.fill(striped.labels(), (byte) 3);
    for (int y = 0; y < 10; y++) {
      Arrays.fill(striped.labels(), y * 100 + 50, y * 100 + 60, (byte) 1);
      Arrays.fill(striped.labels(), y * 100 + 60, y * 100 + 70, (byte) Sample.IGNORE);
    }
    RandomGenerator random = new SplittableRandom(5);
    int varied = 0;
    int unlimited = 0;
    for (int i = 0; i < 400; i++) {
      varied += shareOfThree(new RandomCrop(10, 20, 0.75).apply(striped, random)) < 0.75 ? 1 : 0;
      unlimited += shareOfThree(new RandomCrop(10, 20, 1).apply(striped, random)) < 0.75 ? 1 : 0;
    }
    assertThat(unlimited).isBetween(60, 180);
    assertThat(varied).isGreaterThan(360);
  }

  private static double shareOfThree(Sample crop) {
    int threes = 0;
    int labelled = 0;
    for (byte label : crop.labels()) {
      threes += label == 3 ? 1 : 0;
      labelled += label == (byte) Sample.IGNORE ? 0 : 1;
    }
    return (double) threes / labelled;
  }

  @Test
  void anImageWithoutClassesIsCroppedAllTheSame() {
    Sample empty = sample(10, 10);
    Arrays.fill(empty.labels(), (byte) Sample.IGNORE);
    Sample crop = new RandomCrop(4, 4, 0.75).apply(empty, new SplittableRandom(0));
    assertThat(crop.labels()).containsOnly(Sample.IGNORE);
  }

  @Test
  void flipMirrorsImageAndLabels() {
    Sample sample = sample(1, 3);
    Sample flipped = new RandomFlip(1.0).apply(sample, new SplittableRandom(0));
    assertThat(flipped.labels()).containsExactly(2, 1, 0);
    assertThat(flipped.rgb()).containsExactly(0, 2, 7, 0, 1, 7, 0, 0, 7);
    assertThat(sample.labels()).containsExactly(0, 1, 2);
    assertThat(new RandomFlip(0.0).apply(sample, new SplittableRandom(0))).isSameAs(sample);
  }

  /** Factor and offset in float32, clipped and cut. */
  @Test
  void levelsByHand() {
    byte[] table = Levels.linear(1.5f, -20.25f);
    assertThat(table[0]).isZero();
    assertThat(table[14]).isEqualTo((byte) 0);
    assertThat(table[15]).isEqualTo((byte) 2);
    assertThat(table[100]).isEqualTo((byte) 129);
    assertThat(table[255] & 0xff).isEqualTo(255);
  }

  @Test
  void jitterWithoutStrengthChangesNothing() {
    Sample sample = sample(5, 6);
    Sample same = new ColorJitter(0, 0).apply(sample, new SplittableRandom(4));
    assertThat(same.rgb()).isEqualTo(sample.rgb());
  }

  @Test
  void contrastPivotsOnTheMean() {
    byte[] rgb = {100, 100, 100, (byte) 200, (byte) 200, (byte) 200};
    Sample sample = new Sample("s", 1, 2, rgb, new byte[2]);
    for (int seed = 0; seed < 20; seed++) {
      byte[] jittered = new ColorJitter(0, 0.5).apply(sample, new SplittableRandom(seed)).rgb();
      int dark = jittered[0] & 0xff;
      int light = jittered[3] & 0xff;
      assertThat(dark + light).isBetween(299, 301);
      assertThat(light - dark).isBetween(49, 151);
    }
  }

  /** Greys have no hue; the way to hues and back may take a level off. */
  @Test
  void distortionKeepsLabelsAndGreys() {
    byte[] rgb = new byte[3 * 256];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3);
    }
    Sample greys = new Sample("s", 1, 256, rgb, new byte[256]);
    PhotometricDistortion none =
        new PhotometricDistortion(0.0, List.of(1.0, 1.0), List.of(0.5, 1.5), 18);
    for (int seed = 0; seed < 30; seed++) {
      Sample result = none.apply(greys, new SplittableRandom(seed));
      for (int i = 0; i < rgb.length; i++) {
        assertThat(result.rgb()[i] & 0xff).isBetween(i / 3 - 2, i / 3);
        assertThat(result.rgb()[i]).isEqualTo(result.rgb()[i - i % 3]);
      }
      assertThat(result.labels()).isSameAs(greys.labels());
    }
  }

  @Test
  void distortionVariesAndRepeats() {
    Sample sample = sample(8, 8);
    Set<Integer> results = new HashSet<>();
    for (int seed = 0; seed < 60; seed++) {
      byte[] first = PhotometricDistortion.DEFAULT.apply(sample, new SplittableRandom(seed)).rgb();
      byte[] second = PhotometricDistortion.DEFAULT.apply(sample, new SplittableRandom(seed)).rgb();
      assertThat(first).isEqualTo(second);
      results.add(Arrays.hashCode(first));
    }
    assertThat(results).hasSizeGreaterThan(30);
  }

  @Test
  void padTakesTheLargerAndItsMultiple() {
    Sample sample = sample(10, 50);
    Pad pad = new Pad(20, 20, 16);
    assertThat(pad.height(sample)).isEqualTo(32);
    assertThat(pad.width(sample)).isEqualTo(64);
    assertThat(Pad.NONE.height(sample)).isEqualTo(10);
    assertThat(Pad.NONE.width(sample)).isEqualTo(50);
  }
}
