package org.spike2former.train.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
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
}
