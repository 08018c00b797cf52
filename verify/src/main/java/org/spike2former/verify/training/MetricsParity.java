package org.spike2former.verify.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.spike2former.data.LabelMap;
import org.spike2former.data.metric.ConfusionMatrix;
import org.spike2former.data.metric.SegmentationMetrics;
import org.spike2former.data.metric.SegmentationMetrics.Metric;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.folder.Recorded;

/**
 * Metrics against mmsegmentation's: {@code metrics.safetensors} with predicted and true label maps,
 * areas, and metrics per class and in summary. Everything should be equal as float32.
 */
public final class MetricsParity {
  private static final String FILE = "metrics.safetensors";
  private static final int IGNORED = 255;

  private MetricsParity() {}

  public static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(FILE));
  }

  public static List<Section> run(Path folder) throws IOException {
    try (Recorded recorded = Recorded.open(folder.resolve(FILE))) {
      int classes = recorded.numbers("area_label").length;
      ConfusionMatrix matrix = matrix(recorded, classes);
      SegmentationMetrics metrics = matrix.metrics();
      List<TensorComparison> rows = new ArrayList<>();
      rows.add(row(recorded, "area_intersect", classes, matrix::intersect));
      rows.add(row(recorded, "area_union", classes, matrix::union));
      rows.add(row(recorded, "area_pred_label", classes, matrix::predictedArea));
      rows.add(row(recorded, "area_label", classes, matrix::labelArea));
      for (Metric metric : Metric.values()) {
        String name = "per_class." + metric.title();
        rows.add(row(recorded, name, classes, k -> metrics.value(metric, k)));
      }
      rows.add(row(recorded, "per_class.aAcc", 1, _ -> metrics.pixelAccuracy()));
      for (var entry : metrics.summary().entrySet()) {
        rows.add(row(recorded, "summary." + entry.getKey(), 1, _ -> entry.getValue()));
      }
      return List.of(new Section("metrics", "", 0, rows, List.of()));
    }
  }

  private static TensorComparison row(
      Recorded recorded, String name, int size, IntToDoubleFunction value) throws IOException {
    double[] expected = asFloats(recorded.numbers(name));
    double[] found = asFloats(IntStream.range(0, size).mapToDouble(value).toArray());
    return TensorComparison.exact(name, ComparisonKind.METRIC, expected, found);
  }

  private static double[] asFloats(double[] x) {
    return Arrays.stream(x).map(value -> (float) value).toArray();
  }

  private static ConfusionMatrix matrix(Recorded recorded, int classes) throws IOException {
    Tensor predicted = recorded.labels("pred", 3);
    Tensor truth = recorded.labels("gt", 3);
    if (!Arrays.equals(predicted.shape(), truth.shape())) {
      throw new FormatException(recorded.path(), "pred and gt have different shapes");
    }
    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    for (int i = 0; i < truth.dim(0); i++) {
      matrix.add(map(predicted, i), map(truth, i), IGNORED);
    }
    return matrix;
  }

  private static LabelMap map(Tensor maps, int i) {
    int height = maps.dim(1);
    int width = maps.dim(2);
    int size = height * width;
    byte[] labels = Arrays.copyOfRange(maps.bytes(), i * size, (i + 1) * size);
    return new LabelMap(height, width, labels);
  }
}
