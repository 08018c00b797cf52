package org.spike2former.data.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;
import org.spike2former.data.LabelMap;
import org.spike2former.data.TestFiles;
import org.spike2former.data.metric.SegmentationMetrics.Metric;

/**
 * Three images against mmsegmentation's numbers: areas, and metrics in float32. Class 5 occurs
 * nowhere, class 6 is only predicted.
 */
class SegmentationMetricsTest {
  private static final int CLASSES = 7;

  @Test
  void areasAreThoseOfMmsegmentation() throws IOException {
    ConfusionMatrix matrix = matrix();
    JsonNode areas = expected().get("areas");
    requireAreas(matrix::intersect, areas.get("intersect"));
    requireAreas(matrix::union, areas.get("union"));
    requireAreas(matrix::predictedArea, areas.get("pred_label"));
    requireAreas(matrix::labelArea, areas.get("label"));
  }

  private static void requireAreas(IntToLongFunction area, JsonNode expected) {
    assertThat(expected.size()).isEqualTo(CLASSES);
    for (int k = 0; k < CLASSES; k++) {
      assertThat(area.applyAsLong(k)).as("class %d", k).isEqualTo(expected.get(k).asLong());
    }
  }

  @Test
  void metricsAreThoseOfMmsegmentation() throws IOException {
    requireEqual(matrix().metrics(), expected().get("all"));
  }

  @Test
  void nanMayBeReplaced() throws IOException {
    requireEqual(matrix().metrics().withNaNAs(0), expected().get("all_nan0"));
  }

  private static void requireEqual(SegmentationMetrics metrics, JsonNode expected) {
    JsonNode classes = expected.get("per_class");
    assertThat((float) metrics.pixelAccuracy()).isEqualTo(classes.get("aAcc").get(0).floatValue());
    for (Metric metric : Metric.values()) {
      JsonNode values = classes.get(metric.title());
      assertThat(values.size()).isEqualTo(CLASSES);
      for (int k = 0; k < CLASSES; k++) {
        Float value = values.get(k).isNull() ? Float.NaN : values.get(k).floatValue();
        assertThat(Float.valueOf((float) metrics.value(metric, k)))
            .as("%s of class %d", metric, k)
            .isEqualTo(value);
      }
    }
    JsonNode summary = expected.get("summary");
    assertThat(metrics.summary().keySet()).containsExactlyElementsOf(() -> summary.fieldNames());
    metrics
        .summary()
        .forEach(
            (name, value) ->
                assertThat(value.floatValue()).as(name).isEqualTo(summary.get(name).floatValue()));
  }

  @Test
  void tableHasALinePerClass() throws IOException {
    List<String> names = List.of("a", "b", "cc", "a long name", "e", "f", "g");
    List<String> table = matrix().metrics().table(names);
    assertThat(table).hasSize(8);
    assertThat(table.get(0))
        .isEqualTo("class             IoU       Acc      Dice    Fscore Precision    Recall");
    assertThat(table.get(1))
        .isEqualTo("a               65.03     73.99     78.81     78.81     84.31     73.99");
    assertThat(table.get(7))
        .isEqualTo("g                0.00         -      0.00         -      0.00         -");
    assertThatThrownBy(() -> matrix().metrics().table(List.of("a")))
        .hasMessage("1 names for 7 classes");
  }

  private static JsonNode expected() throws IOException {
    return new ObjectMapper().readTree(TestFiles.of("metrics.json").toFile());
  }

  private static ConfusionMatrix matrix() throws IOException {
    LabelMap predictions = LabelMap.read(TestFiles.of("metrics_prediction.png"));
    LabelMap truths = LabelMap.read(TestFiles.of("metrics_truth.png"));
    ConfusionMatrix matrix = new ConfusionMatrix(CLASSES);
    for (int image = 0; image < 3; image++) {
      matrix.add(part(predictions, image), part(truths, image), 255);
    }
    return matrix;
  }

  private static LabelMap part(LabelMap all, int image) {
    int size = 48 * 64;
    return new LabelMap(48, 64, Arrays.copyOfRange(all.labels(), image * size, (image + 1) * size));
  }
}
