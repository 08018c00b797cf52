package org.spike2former.data.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.spike2former.data.LabelMap;
import org.spike2former.data.metric.SegmentationMetrics.Metric;

class ConfusionMatrixTest {
  private static final int IGNORE = 255;

  @Test
  void countsByHand() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    matrix.add(labels(0, 0, 1, 1), labels(0, 1, 1, IGNORE), IGNORE);
    assertThat(matrix.classes()).isEqualTo(3);
    assertThat(matrix.count(1, 0)).isEqualTo(1);
    assertThat(matrix.intersect(1)).isEqualTo(1);
    assertThat(matrix.labelArea(1)).isEqualTo(2);
    assertThat(matrix.predictedArea(1)).isEqualTo(1);
    assertThat(matrix.union(1)).isEqualTo(2);
    SegmentationMetrics metrics = matrix.metrics();
    assertThat(metrics.value(Metric.IOU, 0)).isEqualTo(0.5);
    assertThat(metrics.value(Metric.IOU, 1)).isEqualTo(0.5);
    assertThat(metrics.value(Metric.IOU, 2)).isNaN();
    assertThat(metrics.value(Metric.ACC, 1)).isEqualTo(0.5);
    assertThat(metrics.value(Metric.PRECISION, 1)).isEqualTo(1);
    assertThat(metrics.value(Metric.DICE, 1)).isEqualTo(2.0 / 3);
    assertThat(metrics.meanIou()).isEqualTo(0.5);
    assertThat(metrics.pixelAccuracy()).isEqualTo(2.0 / 3);
  }

  @Test
  void nothingCountedIsNaN() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add(labels(0, 1), labels(IGNORE, IGNORE), IGNORE);
    assertThat(matrix.metrics().meanIou()).isNaN();
    assertThat(matrix.metrics().pixelAccuracy()).isNaN();
  }

  @Test
  void labelsOutsideTheClassesAreRefusedAndNotCounted() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    assertThatThrownBy(() -> matrix.add(labels(0, 5), labels(0, 0), IGNORE))
        .hasMessage("predicted label 5 at x=1, y=0 is not one of the 2 classes");
    assertThatThrownBy(() -> matrix.add(labels(0, 5), labels(0, 2), IGNORE))
        .hasMessage("ground truth label 2 at x=1, y=0 is not one of the 2 classes");
    assertThat(matrix.count(0, 0)).isZero();
  }

  @Test
  void sizesMustAgree() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    assertThatThrownBy(() -> matrix.add(labels(0, 1), labels(0), IGNORE))
        .hasMessage("prediction of 2x1 pixels, ground truth of 1x1");
  }

  private static LabelMap labels(int... labels) {
    byte[] bytes = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      bytes[i] = (byte) labels[i];
    }
    return new LabelMap(1, labels.length, bytes);
  }
}
