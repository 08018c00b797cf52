package org.spike2former.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  private static final int IGNORE = 255;

  /** Three images; mmsegmentation computes in float32 and rounds its means to two digits. */
  @Test
  void metricsAreThoseOfMmsegmentation() throws IOException {
    LabelMap predictions = LabelMap.read(TestFiles.of("metrics_prediction.png"));
    LabelMap truths = LabelMap.read(TestFiles.of("metrics_truth.png"));
    ConfusionMatrix matrix = new ConfusionMatrix(7);
    for (int image = 0; image < 3; image++) {
      matrix.add(part(predictions, image), part(truths, image), IGNORE);
    }

    JsonNode expected = new ObjectMapper().readTree(TestFiles.of("metrics.json").toFile());
    JsonNode classes = expected.get("per_class");
    requireEqual(matrix::iou, classes.get("IoU"));
    requireEqual(matrix::accuracy, classes.get("Acc"));
    requireEqual(matrix::dice, classes.get("Dice"));
    assertThat((float) matrix.pixelAccuracy())
        .isEqualTo((float) classes.get("aAcc").get(0).doubleValue());

    JsonNode summary = expected.get("summary");
    assertThat(percent(matrix.pixelAccuracy())).isEqualTo(percent(summary, "aAcc"));
    assertThat(percent(matrix.meanIou())).isEqualTo(percent(summary, "mIoU"));
    assertThat(percent(matrix.meanAccuracy())).isEqualTo(percent(summary, "mAcc"));
    assertThat(percent(matrix.meanDice())).isEqualTo(percent(summary, "mDice"));
  }

  private static LabelMap part(LabelMap all, int image) {
    int size = 48 * 64;
    return new LabelMap(48, 64, Arrays.copyOfRange(all.labels(), image * size, (image + 1) * size));
  }

  private static void requireEqual(IntToDoubleFunction metric, JsonNode expected) {
    assertThat(expected.size()).isEqualTo(7);
    for (int k = 0; k < 7; k++) {
      Float value = expected.get(k).isNull() ? Float.NaN : expected.get(k).floatValue();
      assertThat(Float.valueOf((float) metric.applyAsDouble(k))).as("class %d", k).isEqualTo(value);
    }
  }

  private static float percent(double share) {
    return (float) (Math.rint(share * 10_000) / 100);
  }

  private static float percent(JsonNode summary, String name) {
    return (float) summary.get(name).doubleValue();
  }

  @Test
  void countsByHand() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    matrix.add(labels(0, 0, 1, 1), labels(0, 1, 1, IGNORE), IGNORE);
    assertThat(matrix.classes()).isEqualTo(3);
    assertThat(matrix.count(1, 0)).isEqualTo(1);
    assertThat(matrix.iou(0)).isEqualTo(0.5);
    assertThat(matrix.iou(1)).isEqualTo(0.5);
    assertThat(matrix.iou(2)).isNaN();
    assertThat(matrix.accuracy(1)).isEqualTo(0.5);
    assertThat(matrix.dice(1)).isEqualTo(2.0 / 3);
    assertThat(matrix.meanIou()).isEqualTo(0.5);
    assertThat(matrix.pixelAccuracy()).isEqualTo(2.0 / 3);
  }

  @Test
  void nothingCountedIsNaN() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add(labels(0, 1), labels(IGNORE, IGNORE), IGNORE);
    assertThat(matrix.meanIou()).isNaN();
    assertThat(matrix.pixelAccuracy()).isNaN();
  }

  @Test
  void labelsOutsideTheClassesAreRefusedAndNotCounted() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    assertThatThrownBy(() -> matrix.add(labels(0, 5), labels(0, 0), IGNORE))
        .hasMessage("predicted label 5 at x=1, y=0 is none of the 2 classes");
    assertThatThrownBy(() -> matrix.add(labels(0, 5), labels(0, 2), IGNORE))
        .hasMessage("ground truth label 2 at x=1, y=0 is none of the 2 classes");
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
