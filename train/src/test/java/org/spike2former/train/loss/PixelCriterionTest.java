package org.spike2former.train.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

class PixelCriterionTest {
  private static final int CLASSES = 4;
  private static final int HEIGHT = 11;
  private static final int WIDTH = 9;
  private static final int IGNORED = 255;

  private final Workers workers = new Workers(2);
  private final PixelCriterion criterion = criterion(CriterionConfig.RELEASE, workers);

  @AfterEach
  void stop() {
    workers.close();
  }

  private static PixelCriterion criterion(CriterionConfig config, Workers workers) {
    return new PixelCriterion(CLASSES, IGNORED, config, workers);
  }

  private static Tensor logits(int h, int w) {
    SplittableRandom random = new SplittableRandom(1);
    Tensor x = Tensor.zeros(DType.F64, 2, h, w, CLASSES);
    Arrays.setAll(x.doubles(), _ -> 3 * random.nextGaussian());
    return x;
  }

  /** Blocks of labels, ignored pixels among them. */
  private static Tensor labels() {
    byte[] labels = new byte[2 * HEIGHT * WIDTH];
    for (int i = 0; i < labels.length; i++) {
      int block = i % WIDTH / 3 + i / WIDTH / 4;
      labels[i] = (byte) (block == 4 ? IGNORED : block % CLASSES);
    }
    return Tensor.labels(labels, 2, HEIGHT, WIDTH);
  }

  /**
   * {@code torch.nn.functional.cross_entropy(logits, labels, ignore_index=255, reduction="sum") /
   * labels.numel()} of logits at the labels' size, written out.
   */
  @Test
  void ignoredPixelsCountInTheDenominatorAlone() {
    Tensor logits = logits(HEIGHT, WIDTH);
    Tensor labels = labels();
    double sum = 0;
    int ignored = 0;
    for (int i = 0; i < labels.size(); i++) {
      int label = labels.bytes()[i] & 0xff;
      if (label == IGNORED) {
        ignored++;
        continue;
      }
      double all = 0;
      for (int k = 0; k < CLASSES; k++) {
        all += Math.exp(logits.get(i * CLASSES + k));
      }
      sum += Math.log(all) - logits.get(i * CLASSES + label);
    }
    Losses losses = criterion.evaluate(logits, labels);
    assertThat(ignored).isPositive();
    assertThat(losses.total()).isCloseTo(sum / labels.size(), within(1e-12));
    assertThat(losses.cls()).containsExactly(losses.total());
    assertThat(losses.mask()).isEmpty();
    assertThat(losses.dice()).isEmpty();
    CriterionConfig weighted = CriterionConfig.ofClasses(3, 2);
    assertThat(criterion(weighted, workers).evaluate(logits, labels).total())
        .isCloseTo(6 * sum / labels.size(), within(1e-12));
    Tensor gradient = losses.gradients().getFirst();
    for (int i = 0; i < labels.size(); i++) {
      boolean none = labels.bytes()[i] == (byte) IGNORED;
      assertThat(gradient.get(i * CLASSES) == 0).isEqualTo(none);
    }
  }

  /**
   * {@code F.cross_entropy(F.interpolate(x, (5, 4), mode="bilinear"), labels, ignore_index=255,
   * reduction="none").mean()} and its gradient, by PyTorch 2.13.
   */
  @Test
  void lossAndGradientArePyTorchs() {
    double[] x = new double[2 * 3 * 2];
    Arrays.setAll(x, i -> 7 * i % 11 - 5);
    byte[] labels = new byte[5 * 4];
    for (int i = 0; i < labels.length; i++) {
      int each = 3 * i % 5;
      labels[i] = (byte) (each == 2 ? IGNORED : each % 2);
    }
    Losses losses =
        new PixelCriterion(2, IGNORED, CriterionConfig.RELEASE, workers)
            .evaluate(Tensor.of(x, 1, 2, 3, 2), Tensor.labels(labels, 1, 5, 4));
    assertThat(losses.total()).isCloseTo(1.984250132163916, within(1e-7));
    double[] ofClass1 = {
      0.08429677725344145,
      0.04269008375322701,
      -0.06077987359573064,
      -0.054175851288607815,
      0.07276911012653835,
      -0.002128134146837863
    };
    Tensor gradient = losses.gradients().getFirst();
    for (int i = 0; i < ofClass1.length; i++) {
      assertThat(gradient.get(2 * i + 1)).isCloseTo(ofClass1[i], within(1e-7));
      assertThat(gradient.get(2 * i)).isCloseTo(-ofClass1[i], within(1e-7));
    }
  }

  /** The labels are not twice the logits' size. */
  @Test
  void gradientsAreThoseOfTheTotal() {
    PixelCriterion scaled = criterion(CriterionConfig.ofClasses(1.5, 2), workers);
    Tensor logits = logits(6, 5);
    Tensor gradient = scaled.evaluate(logits, labels()).gradients().getFirst();
    assertThat(gradient.shape()).isEqualTo(logits.shape());
    double step = 1e-5;
    for (int i = 0; i < logits.size(); i++) {
      double x = logits.doubles()[i];
      logits.doubles()[i] = x + step;
      double above = scaled.evaluate(logits, labels()).total();
      logits.doubles()[i] = x - step;
      double below = scaled.evaluate(logits, labels()).total();
      logits.doubles()[i] = x;
      assertThat(gradient.get(i)).isCloseTo((above - below) / (2 * step), within(1e-9));
    }
  }

  @Test
  void threadsDoNotMatterAndSinglePrecisionIsNear() {
    Tensor logits = logits(6, 5);
    Losses exact = criterion.evaluate(logits, labels());
    Tensor single = logits.to(DType.F32);
    Losses two = criterion.evaluate(single, labels());
    assertThat(two.total()).isCloseTo(exact.total(), within(1e-6));
    try (Workers one = new Workers(1)) {
      Losses same = criterion(CriterionConfig.RELEASE, one).evaluate(single, labels());
      assertThat(same.total()).isEqualTo(two.total());
      assertThat(same.gradients().getFirst().bitEquals(two.gradients().getFirst())).isTrue();
    }
    for (int i = 0; i < logits.size(); i++) {
      double expected = exact.gradients().getFirst().get(i);
      assertThat(two.gradients().getFirst().get(i)).isCloseTo(expected, within(1e-7));
    }
  }

  @Test
  void allIgnoredIsNoLoss() {
    byte[] none = new byte[2 * HEIGHT * WIDTH];
    Arrays.fill(none, (byte) IGNORED);
    Losses losses = criterion.evaluate(logits(6, 5), Tensor.labels(none, 2, HEIGHT, WIDTH));
    assertThat(losses.total()).isZero();
    assertThat(losses.gradients().getFirst().doubles()).containsOnly(0);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Tensor labels = labels();
    labels.bytes()[HEIGHT * WIDTH + WIDTH + 2] = 7;
    assertThatThrownBy(() -> criterion.evaluate(logits(6, 5), labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("image 1: label 7 at x=2, y=1 is not one of the 4 classes");
    Tensor infinite = logits(6, 5);
    infinite.doubles()[3] = Double.POSITIVE_INFINITY;
    assertThatThrownBy(() -> criterion.evaluate(infinite, labels()))
        .isInstanceOf(ArithmeticException.class);
    Tensor wide = Tensor.zeros(DType.F64, 2, 6, 5, CLASSES + 1);
    assertThatThrownBy(() -> criterion.evaluate(wide, labels()))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("logits");
    PanopticMap segments = new PanopticMap(HEIGHT, WIDTH, new int[HEIGHT * WIDTH], 0, List.of());
    GroundTruth truth = new GroundTruth.Panoptic(List.of(segments, segments));
    assertThatThrownBy(() -> criterion.evaluate(List.of(logits(6, 5)), truth))
        .hasMessage("criterion: pixels have classes, not segments");
    assertThatThrownBy(() -> new PixelCriterion(255, IGNORED, CriterionConfig.RELEASE, workers))
        .hasMessageContaining("expected 1 to 254 classes");
  }
}
