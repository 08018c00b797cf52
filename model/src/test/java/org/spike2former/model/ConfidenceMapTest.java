package org.spike2former.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spike2former.data.LabelMap;
import org.spike2former.data.dataset.Inference;
import org.spike2former.data.dataset.Inference.SlidingWindow;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

class ConfidenceMapTest {
  private static final List<Inference> VIEWS =
      List.of(
          Inference.WHOLE,
          Inference.WHOLE.withWindow(new SlidingWindow(32, 32, 20, 20)),
          new Inference(new ResizeRule(40, 80), null, List.of(1.0), false),
          new Inference(null, null, List.of(0.5, 1.0), true));

  @Test
  void itIsTheWinnersShareOfTheScores() {
    Tensor scores = Tensor.of(new float[] {3, 1, 0, 2, 2, 4, 0, 0, 0}, 1, 1, 3, 3);
    LabelMap labels = new LabelMap(1, 3, new byte[] {0, 2, 0});
    ConfidenceMap map = ConfidenceMap.of(scores, ScoreScale.PROPORTIONAL, labels);
    assertThat(map.values()).containsExactly(0.75f, 0.5f, 0f);
    assertThat(map.doubtful()).isEqualTo(1.0 / 3);
    assertThat(map.doubtful(labels, 0)).isEqualTo(0.5);
    assertThat(map.doubtful(labels, 2)).isZero();
    assertThat(map.doubtful(labels, 1)).isNaN();
    int[] grey = map.toImage().getRaster().getPixels(0, 0, 3, 1, (int[]) null);
    assertThat(grey).containsExactly(191, 128, 0);
  }

  /** Labels are those without it, and the greatest of the very scores that it is a share of. */
  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "AUTO"})
  void itIsTakenFromTheScoresThatTheLabelsAreChosenBy(Backend backend) {
    BufferedImage image = TinySegmenter.image(57, 43, 5);
    for (Precision precision : Precision.values()) {
      SegmenterOptions options =
          SegmenterOptions.builder().backend(backend).precision(precision).threads(2).build();
      try (Segmenter segmenter = TinySegmenter.of(options);
          Workers workers = new Workers(1)) {
        Ops ops = Backends.create(Backend.SCALAR, precision, workers);
        for (Inference views : VIEWS) {
          Segmentation found = segmenter.segment(image, views, Keep.LOGITS);
          assertThat(found.labels().labels())
              .as("%s", views)
              .isEqualTo(segmenter.segment(image, views).labels().labels());
          check(found, ops.resizeBilinear(found.logits(), 43, 57));
        }
      }
    }
  }

  private static void check(Segmentation found, Tensor scores) {
    int classes = scores.dim(3);
    float[] confidence = found.confidence().values();
    for (int pixel = 0; pixel < confidence.length; pixel++) {
      double most = 0;
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        int at = pixel * classes + k;
        double score =
            found.logits().dtype().bytes() == 4 ? scores.floats()[at] : scores.doubles()[at];
        most = Math.max(most, score);
        sum += score;
      }
      assertThat((double) confidence[pixel]).isCloseTo(most / sum, within(1e-5));
    }
  }
}
