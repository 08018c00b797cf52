package org.spike2former.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spike2former.data.ScoreMap;
import org.spike2former.data.dataset.Inference;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.model.panoptic.Instance;
import org.spike2former.model.panoptic.QueryMasks;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Precision;

class KeepTest {
  private static final BufferedImage IMAGE = TinySegmenter.image(57, 43, 6);

  private static Segmenter segmenter(Precision precision) {
    SegmenterOptions options =
        SegmenterOptions.builder().backend(Backend.AUTO).precision(precision).threads(2).build();
    return TinySegmenter.of(options, new ResizeRule(32, 80), 16);
  }

  @Test
  void nothingIsKeptUnasked() {
    try (Segmenter segmenter = segmenter(Precision.F32)) {
      Segmentation plain = segmenter.segment(IMAGE);
      assertThatIllegalStateException()
          .isThrownBy(plain::confidence)
          .withMessage("the logits are not here: ask segment for Keep.LOGITS");
      assertThatIllegalStateException().isThrownBy(plain::digest);
      assertThatIllegalStateException().isThrownBy(() -> plain.probability(0));
      assertThatIllegalStateException()
          .isThrownBy(plain::queries)
          .withMessage("the queries are not here: ask segment for Keep.QUERIES");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> segmenter.segment(IMAGE, Inference.WHOLE.withAugmentation(), Keep.QUERIES))
          .withMessage("queries can be kept of a single view only");
    }
  }

  /** Labels, logits and digest are the same whatever is kept. */
  @ParameterizedTest
  @EnumSource
  void whatIsKeptChangesNothing(Precision precision) {
    try (Segmenter segmenter = segmenter(precision)) {
      String labels = segmenter.segment(IMAGE).labelsDigest();
      Segmentation logits = segmenter.segment(IMAGE, Keep.LOGITS);
      Segmentation queries = segmenter.segment(IMAGE, Keep.QUERIES);
      Segmentation both = segmenter.segment(IMAGE, Keep.QUERIES, Keep.LOGITS, Keep.LOGITS);
      for (Segmentation found : List.of(logits, queries, both)) {
        assertThat(found.labelsDigest()).isEqualTo(labels);
      }
      assertThat(both.digest()).isEqualTo(logits.digest());
      assertThat(both.queries().mask(2).values()).isEqualTo(queries.queries().mask(2).values());
    }
  }

  @ParameterizedTest
  @EnumSource
  void probabilitiesOfAllClassesAddUpToOneAndTheWinnersIsTheConfidence(Precision precision) {
    try (Segmenter segmenter = segmenter(precision)) {
      Segmentation found = segmenter.segment(IMAGE, Keep.LOGITS);
      float[] confidence = found.confidence().values();
      float[] sum = new float[confidence.length];
      float[] scores = new float[confidence.length];
      for (int k = 0; k < 3; k++) {
        float[] probability = found.probability(k).values();
        float[] score = found.score(k).values();
        for (int i = 0; i < sum.length; i++) {
          sum[i] += probability[i];
          scores[i] += score[i];
          if (found.labels().labels()[i] == k) {
            assertThat(probability[i]).isEqualTo(confidence[i]);
          }
        }
        for (int i = 0; i < sum.length; i++) {
          assertThat(score[i]).isGreaterThanOrEqualTo(0);
        }
      }
      float[] first = found.probability(0).values();
      float[] firstScore = found.score(0).values();
      for (int i = 0; i < sum.length; i++) {
        assertThat(sum[i]).isCloseTo(1, within(1e-5f));
        assertThat(firstScore[i] / scores[i]).isCloseTo(first[i], within(1e-5f));
      }
      ScoreMap seen = found.probabilityAsSeen(1);
      assertThat(seen.height()).isEqualTo(32).isEqualTo(found.logits().dim(1));
      assertThat(seen.width()).isEqualTo(42).isEqualTo(found.logits().dim(2));
      assertThatThrownBy(() -> found.probability(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  /** The instances' masks are where a query's probability is above one half. */
  @ParameterizedTest
  @EnumSource
  void masksOfQueriesAreThoseOfInstances(Precision precision) {
    try (Segmenter segmenter = segmenter(precision)) {
      List<Instance> instances =
          segmenter.instances(IMAGE, TinySegmenter.LENIENT, null).instances();
      QueryMasks queries = segmenter.segment(IMAGE, Keep.QUERIES).queries();
      assertThat(instances).isNotEmpty();
      for (Instance instance : instances) {
        ScoreMap mask = queries.mask(instance.query());
        double sum = 0;
        for (int y = 0; y < 43; y++) {
          for (int x = 0; x < 57; x++) {
            boolean inside = instance.mask().toBits().get(y, x);
            assertThat(mask.value(y, x) > 0.5f).isEqualTo(inside);
            sum += inside ? mask.value(y, x) : 0;
          }
        }
        double share = queries.probabilities(instance.query())[instance.category()];
        assertThat(instance.score())
            .isCloseTo(share * sum / Math.max(1, instance.mask().area()), within(1e-4));
      }
    }
  }

  @Test
  void scoresAreTheSumOverQueries() {
    try (Segmenter segmenter = segmenter(Precision.F64)) {
      Segmentation found = segmenter.segment(IMAGE, Keep.QUERIES, Keep.LOGITS);
      QueryMasks queries = found.queries();
      double[] sums = new double[3 * 32 * 42];
      for (int q = 0; q < queries.size(); q++) {
        double[] shares = queries.probabilities(q);
        assertThat(shares).hasSize(4);
        assertThat(shares[0] + shares[1] + shares[2] + shares[3]).isCloseTo(1, within(1e-12));
        assertThat(shares[queries.best(q)]).isEqualTo(Arrays.stream(shares).max().orElseThrow());
        float[] mask = queries.maskAsSeen(q).values();
        for (int i = 0; i < sums.length; i++) {
          sums[i] += shares[i % 3] * mask[i / 3];
        }
      }
      assertThat(found.logits().doubles()).containsExactly(sums, within(1e-5));
      assertThatThrownBy(() -> queries.mask(queries.size()))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageStartingWith("query ");
    }
  }
}
