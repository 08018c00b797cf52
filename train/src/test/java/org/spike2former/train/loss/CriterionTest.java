package org.spike2former.train.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spike2former.data.mask.Box;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

class CriterionTest {
  private static final int CLASSES = 4;
  private static final int STATES = 2;
  private static final int HEIGHT = 11;
  private static final int WIDTH = 9;
  private static final int IGNORED = 255;

  private final Workers workers = new Workers(2);
  private final Criterion criterion =
      new Criterion(CLASSES, IGNORED, CriterionConfig.RELEASE, workers);

  @AfterEach
  void stop() {
    workers.close();
  }

  private static Tensor random(long seed, double deviation, int... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    Tensor x = Tensor.zeros(DType.F64, shape);
    Arrays.setAll(x.doubles(), _ -> deviation * random.nextGaussian());
    return x;
  }

  private static Tensor scores(int images, int queries) {
    return random(1, 1, STATES * images, queries, CLASSES + 1);
  }

  private static Tensor masks(int images, int queries) {
    return random(2, 3, STATES * images, (HEIGHT + 1) / 2, (WIDTH + 1) / 2, queries);
  }

  /** Blocks of labels, ignored pixels among them. */
  private static Tensor labels(int images) {
    byte[] labels = new byte[images * HEIGHT * WIDTH];
    for (int i = 0; i < labels.length; i++) {
      int block = i % WIDTH / 3 + i / WIDTH / 4;
      labels[i] = (byte) (block == 4 ? IGNORED : block % CLASSES);
    }
    return Tensor.labels(labels, images, HEIGHT, WIDTH);
  }

  private static Tensor ignored(int images) {
    byte[] labels = new byte[images * HEIGHT * WIDTH];
    Arrays.fill(labels, (byte) IGNORED);
    return Tensor.labels(labels, images, HEIGHT, WIDTH);
  }

  /** The masks are not the labels' size divided by two, and it is the total that is derived. */
  @Test
  void gradientsAreThoseOfTheTotal() {
    CriterionConfig config = new CriterionConfig(1.5, null, 0.3, 20.0, 2.0, true, 2.0);
    Criterion averaged = new Criterion(CLASSES, IGNORED, config, workers);
    Tensor scores = scores(2, 6);
    Tensor masks = masks(2, 6);
    Losses losses = averaged.evaluate(scores, masks, labels(2));
    requireGradient(averaged, scores, masks, scores, losses.classScoresGradient());
    requireGradient(averaged, scores, masks, masks, losses.masksGradient());
  }

  private static void requireGradient(
      Criterion criterion, Tensor scores, Tensor masks, Tensor variable, Tensor gradient) {
    double step = 1e-5;
    for (int i = 0; i < variable.size(); i += 7) {
      double x = variable.doubles()[i];
      variable.doubles()[i] = x + step;
      double above = criterion.evaluate(scores, masks, labels(2)).total();
      variable.doubles()[i] = x - step;
      double below = criterion.evaluate(scores, masks, labels(2)).total();
      variable.doubles()[i] = x;
      assertThat(gradient.get(i)).isCloseTo((above - below) / (2 * step), within(1e-8));
    }
  }

  @Test
  void averagingAndScalingLeaveTheParts() {
    Losses plain = criterion.evaluate(scores(2, 6), masks(2, 6), labels(2));
    CriterionConfig config = new CriterionConfig(null, null, null, null, null, true, 3.0);
    Losses scaled =
        new Criterion(CLASSES, IGNORED, config, workers)
            .evaluate(scores(2, 6), masks(2, 6), labels(2));
    assertThat(scaled.mask()).containsExactly(plain.mask());
    assertThat(scaled.total()).isCloseTo(plain.total() * 3 / STATES, within(1e-13));
    assertThat(scaled.masksGradient().get(5))
        .isCloseTo(plain.masksGradient().get(5) * 3 / STATES, within(1e-15));
  }

  @Test
  void allImagesIgnored() {
    Losses losses = criterion.evaluate(scores(2, 6), masks(2, 6), ignored(2));
    assertThat(losses.mask()).containsOnly(0);
    assertThat(losses.dice()).containsOnly(0);
    assertThat(Math.min(losses.cls()[0], losses.cls()[1])).isPositive();
    assertThat(losses.masksGradient().doubles()).containsOnly(0);
    assertThat(losses.assigned()).isDeepEqualTo(new int[STATES][2][0]);
  }

  /** It counts as one mask in the denominators. */
  @Test
  void anImageWithoutAnyClass() {
    Tensor both = labels(2);
    Arrays.fill(both.bytes(), HEIGHT * WIDTH, 2 * HEIGHT * WIDTH, (byte) IGNORED);
    Tensor scores = scores(2, 6);
    Tensor masks = masks(2, 6);
    Losses losses = criterion.evaluate(scores, masks, both);
    int map = masks.size() / STATES / 2;
    Tensor alone = Tensor.of(Arrays.copyOf(masks.doubles(), map), 1, masks.dim(1), masks.dim(2), 6);
    Tensor first = Tensor.of(Arrays.copyOf(scores.doubles(), 6 * (CLASSES + 1)), 1, 6, CLASSES + 1);
    Losses single = criterion.evaluate(first, alone, labels(1));
    int found = single.assigned()[0][0].length;
    assertThat(losses.assigned()[0][0]).containsExactly(single.assigned()[0][0]);
    assertThat(losses.assigned()[0][1]).isEmpty();
    assertThat(losses.dice()[0]).isCloseTo(single.dice()[0] * found / (found + 1), within(1e-7));
  }

  @Test
  void targetsThatExceedTheQueriesStayWithoutOne() {
    Losses losses = criterion.evaluate(scores(1, 2), masks(1, 2), labels(1));
    for (int[][] state : losses.assigned()) {
      assertThat(state[0]).hasSize(CLASSES).containsOnlyOnce(0).containsOnlyOnce(1);
      assertThat(Arrays.stream(state[0]).filter(query -> query < 0).count()).isEqualTo(2);
    }
    assertThat(losses.total()).isFinite();
  }

  /** A class of one pixel may have none at the size of the masks. */
  @Test
  void aTargetThatFallsBetweenThePixelsOfTheMasks() {
    Tensor labels = ignored(1);
    labels.bytes()[3 * WIDTH + 4] = 2;
    Losses losses = criterion.evaluate(scores(1, 3), masks(1, 3), labels);
    assertThat(losses.assigned()[0][0]).hasSize(1);
    assertThat(losses.total()).isFinite();
  }

  @Test
  void bitsDoNotDependOnThreads() {
    try (Workers five = new Workers(5)) {
      for (DType type : new DType[] {DType.F32, DType.F64}) {
        Tensor scores = scores(3, 6).to(type);
        Tensor masks = masks(3, 6).to(type);
        Losses one = criterion.evaluate(scores, masks, labels(3));
        Losses other =
            new Criterion(CLASSES, IGNORED, criterion.config(), five)
                .evaluate(scores, masks, labels(3));
        assertThat(other.total()).isEqualTo(one.total());
        assertThat(other.masksGradient().bitEquals(one.masksGradient())).isTrue();
        assertThat(other.classScoresGradient().bitEquals(one.classScoresGradient())).isTrue();
      }
    }
  }

  @Test
  void refusesLabelsThatAreNoClass() {
    Tensor labels = labels(2);
    labels.bytes()[HEIGHT * WIDTH + 2 * WIDTH + 3] = 9;
    assertThatThrownBy(() -> criterion.evaluate(scores(2, 6), masks(2, 6), labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("image 1: label 9 at x=3, y=2 is not one of the 4 classes");
  }

  @Test
  void refusesShapesThatDoNotFit() {
    assertThatThrownBy(() -> criterion.evaluate(scores(2, 6), masks(2, 5), labels(2)))
        .isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> criterion.evaluate(scores(2, 6), masks(2, 6), labels(3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("criterion: class scores of 4 rows for 3 images");
    assertThatThrownBy(() -> criterion.evaluate(scores(2, 6), masks(2, 6).to(DType.F32), labels(2)))
        .isInstanceOf(ShapeException.class);
    Tensor spikes = Tensor.spikes(labels(2).bytes(), 1, labels(2).shape());
    assertThatThrownBy(() -> criterion.evaluate(scores(2, 6), masks(2, 6), spikes))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith("criterion: expected labels [B, H, W], found SPIKES[2, ");
  }

  @Test
  void saysWhereScoresAreNotFinite() {
    Tensor masks = masks(2, 6);
    masks.doubles()[masks.size() - 1] = Double.NaN;
    assertThatThrownBy(() -> criterion.evaluate(scores(2, 6), masks, labels(2)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("criterion: class scores or masks of state 1, image 1 are not finite");
  }

  /** Class k of {@link #labels} as the segment 100 + k. */
  private static PanopticMap segments(int things, boolean crowd) {
    byte[] labels = labels(1).bytes();
    int[] ids = new int[labels.length];
    Arrays.setAll(ids, i -> (labels[i] & 0xff) == IGNORED ? 0 : 100 + labels[i]);
    List<Segment> segments = new ArrayList<>();
    for (int k = 0; k < CLASSES; k++) {
      segments.add(new Segment(100 + k, k, k < things, crowd, 1, 1, Box.EMPTY));
    }
    return new PanopticMap(HEIGHT, WIDTH, ids, 0, segments);
  }

  private Losses panoptic(int queries, PanopticMap map) {
    return criterion.evaluate(
        scores(1, queries), masks(1, queries), new GroundTruth.Panoptic(List.of(map)));
  }

  @Test
  void stuffAndSingleThingsAreTargetsAsClassesAre() {
    Losses semantic = criterion.evaluate(scores(1, 6), masks(1, 6), labels(1));
    for (int things = 0; things <= CLASSES; things++) {
      Losses losses = panoptic(6, segments(things, false));
      assertThat(losses.total()).isEqualTo(semantic.total());
      assertThat(losses.masksGradient().bitEquals(semantic.masksGradient())).isTrue();
      assertThat(losses.assigned()).isDeepEqualTo(semantic.assigned());
    }
  }

  @Test
  void crowdsAndVoidAreNoTargets() {
    Losses losses = panoptic(6, segments(2, true));
    assertThat(losses.assigned()[0][0]).isEmpty();
    assertThat(losses.mask()).containsOnly(0);
    Losses ignored = criterion.evaluate(scores(1, 6), masks(1, 6), ignored(1));
    assertThat(losses.total()).isEqualTo(ignored.total());
  }

  /** Each pixel a thing of class 1 but the first, which is stuff of class 3. */
  private static PanopticMap crumbs() {
    int[] ids = new int[HEIGHT * WIDTH];
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      ids[i] = 1000 - i;
      segments.add(new Segment(ids[i], i == 0 ? 3 : 1, i > 0, false, 1, 1, Box.EMPTY));
    }
    segments.add(new Segment(5000, 1, true, false, 1, 1, Box.EMPTY));
    return new PanopticMap(HEIGHT, WIDTH, ids, 0, segments);
  }

  @Test
  void thingsComeBeforeStuffAndOnlyWithPixels() {
    Targets targets =
        Targets.of(new GroundTruth.Panoptic(List.of(crumbs())), 0, HEIGHT, WIDTH, CLASSES, IGNORED);
    int last = HEIGHT * WIDTH - 1;
    assertThat(targets.count()).isEqualTo(last + 1);
    assertThat(targets.label(0)).isEqualTo(1);
    assertThat(targets.label(last)).isEqualTo(3);
    assertThat(targets.slots()[0]).isEqualTo((short) (last + 1));
    assertThat(targets.slots()[1]).isEqualTo((short) 1);
    assertThat(targets.area(last)).isEqualTo(1);
  }

  @Test
  void moreThingsThanQueriesStayUnmatched() {
    Losses losses = panoptic(5, crumbs());
    assertThat(losses.assigned()[0][0]).hasSize(HEIGHT * WIDTH);
    assertThat(Arrays.stream(losses.assigned()[0][0]).filter(q -> q >= 0)).hasSize(5);
    assertThat(losses.total()).isFinite();
  }

  /** More targets than a byte can number. */
  @Test
  void hundredsOfThings() {
    int side = 20;
    int[] ids = new int[side * side];
    Arrays.setAll(ids, i -> i + 1);
    List<Segment> segments =
        Arrays.stream(ids)
            .mapToObj(id -> new Segment(id, 2, true, false, 1, 1, Box.EMPTY))
            .toList();
    PanopticMap map = new PanopticMap(side, side, ids, 0, segments);
    Targets targets =
        Targets.of(new GroundTruth.Panoptic(List.of(map)), 0, 10, 10, CLASSES, IGNORED);
    assertThat(targets.count()).isEqualTo(400);
    assertThat(targets.area(399)).isEqualTo(1);
    assertThat(targets.slots()[299]).isEqualTo((short) 300);
    assertThat(targets.smallArea(0)).isEqualTo(1);
    assertThat(targets.smallArea(1)).isZero();
  }

  @Test
  void refusesSegmentsOfNoClassAndMapsOfTwoSizes() {
    PanopticMap bad =
        new PanopticMap(
            1, 1, new int[] {7}, 0, List.of(new Segment(7, CLASSES, true, false, 1, 1, Box.EMPTY)));
    assertThatThrownBy(() -> panoptic(3, bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("image 0: segment 7 of category 4 is not of one of the 4 classes");
    assertThatThrownBy(() -> new GroundTruth.Panoptic(List.of(bad, crumbs())))
        .isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> new GroundTruth.Panoptic(List.of()))
        .hasMessage("criterion: expected maps of segments, found none");
  }
}
