package org.spike2former.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spike2former.data.ClassTable;
import org.spike2former.data.ScoreMap;
import org.spike2former.data.Task;
import org.spike2former.data.dataset.Inference;
import org.spike2former.data.image.PreparedImage;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.Network;
import org.spike2former.model.network.TinyModel;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/** Segmentation by an FPN: it has logits in place of scores, and no queries. */
class FpnSegmenterTest {
  private static final int CLASSES = 3;
  private static final BufferedImage IMAGE = TinySegmenter.image(61, 47, 2);

  private final Network network = Network.of(TinyModel.fpn("sdtv2", 1));
  private final Preprocessing preprocessing =
      new Preprocessing(
          new double[] {120, 110, 100}, new double[] {30, 30, 30}, new ResizeRule(40, 80), 16);
  private final Segmenter segmenter;

  FpnSegmenterTest() {
    Initialiser.fill(network.parameters(), 3);
    ClassTable classes =
        new ClassTable(List.of("car", "tree", "sky"), ClassTable.vocPalette(CLASSES), 255, 1);
    segmenter = Segmenter.of(network, preprocessing, classes, TinySegmenter.OPTIONS);
  }

  @AfterEach
  void close() {
    segmenter.close();
  }

  /** Resized to the padded input, cut, and resized to the image: not at once. */
  @Test
  void labelsAreThoseOfTheLogitsWithoutPadding() {
    Segmentation found = segmenter.segment(IMAGE, Keep.LOGITS);
    PreparedImage prepared = preprocessing.prepare(IMAGE);
    assertThat(prepared.width()).isGreaterThan(prepared.contentWidth());
    Ops ops = segmenter.ops();
    Tensor input = Tensor.of(prepared.floats(), 1, prepared.height(), prepared.width(), 3);
    Tensor padded = network.logits(ops, input).copy();
    Tensor logits = found.logits();
    assertThat(logits.shape())
        .containsExactly(1, prepared.contentHeight(), prepared.contentWidth(), CLASSES);
    for (int y = 0; y < logits.dim(1); y++) {
      for (int x = 0; x < logits.dim(2) * CLASSES; x++) {
        assertThat(logits.get(y * logits.dim(2) * CLASSES + x))
            .isEqualTo(padded.get(y * padded.dim(2) * CLASSES + x));
      }
    }
    byte[] labels = ops.labels(logits, IMAGE.getHeight(), IMAGE.getWidth()).bytes();
    assertThat(found.labels().labels()).isEqualTo(labels);
    assertThat(segmenter.segment(IMAGE).labels().labels()).isEqualTo(labels);
    assertThat(found.digest()).isEqualTo(segmenter.segment(IMAGE, Keep.LOGITS).digest());
  }

  /** Logits may be negative, so that shares are their softmax. */
  @Test
  void sharesAreTheSoftmax() {
    Segmentation found = segmenter.segment(IMAGE, Keep.LOGITS);
    List<ScoreMap> shares = IntStream.range(0, CLASSES).mapToObj(found::probability).toList();
    float[] sure = found.confidence().values();
    for (int i = 0; i < sure.length; i += 17) {
      int pixel = i;
      double sum = shares.stream().mapToDouble(share -> share.values()[pixel]).sum();
      assertThat(sum).isCloseTo(1, within(1e-5));
      assertThat(sure[i]).isEqualTo(shares.get(found.labels().label(i)).values()[i]);
      assertThat(sure[i]).isGreaterThanOrEqualTo(1f / CLASSES - 1e-5f);
    }
    ScoreMap car = found.score(0);
    ScoreMap sky = found.score(2);
    double ratio = shares.get(0).values()[5] / (double) shares.get(2).values()[5];
    assertThat(Math.log(ratio)).isCloseTo(car.values()[5] - sky.values()[5], within(1e-4));
  }

  @Test
  void severalViewsGiveSharesTheirSums() {
    Segmentation found = segmenter.segment(IMAGE, Inference.WHOLE.withAugmentation(), Keep.LOGITS);
    double sum =
        IntStream.range(0, CLASSES).mapToDouble(k -> found.probability(k).values()[9]).sum();
    assertThat(sum).isCloseTo(1, within(1e-5));
    double scores = IntStream.range(0, CLASSES).mapToDouble(found.logits()::get).sum();
    assertThat(scores).isGreaterThan(1.5);
  }

  @Test
  void thereAreNoQueries() {
    assertThat(segmenter.tasks()).containsExactly(Task.SEMANTIC);
    assertThat(segmenter.hasQueries()).isFalse();
    String why = "the network has no queries, so semantic segmentation is all that it can do";
    assertThatThrownBy(() -> segmenter.panoptic(IMAGE)).hasMessage(why);
    assertThatThrownBy(() -> segmenter.instances(IMAGE)).hasMessage(why);
    assertThatThrownBy(() -> segmenter.segment(IMAGE, Keep.QUERIES))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(why);
  }
}
