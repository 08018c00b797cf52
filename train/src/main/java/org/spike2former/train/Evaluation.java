package org.spike2former.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.spike2former.data.metric.PanopticQuality;
import org.spike2former.data.metric.SegmentationMetrics;
import org.spike2former.data.metric.SemanticMetric;

/**
 * What an evaluation found.
 *
 * @param measures the first of them tells which model is the best
 * @param classes for each class its share of that measure; NaN where nothing counted
 */
public record Evaluation(List<Measure> measures, List<Double> classes) {
  /**
   * A number.
   *
   * @param key in the log
   * @param name for readers
   * @param value 0…1; NaN where nothing counted
   */
  public record Measure(String key, String name, double value) {}

  /** Keeps a copy. */
  public Evaluation {
    measures = List.copyOf(measures);
    classes = List.copyOf(classes);
  }

  static Evaluation of(SegmentationMetrics metrics, SemanticMetric first) {
    List<Measure> measures = new ArrayList<>();
    measures.add(measure(metrics, first));
    if (first != SemanticMetric.MIOU) {
      measures.add(measure(metrics, SemanticMetric.MIOU));
    }
    measures.add(new Measure("macc", "mAcc", metrics.mean(SegmentationMetrics.Metric.ACC)));
    measures.add(new Measure("aacc", "aAcc", metrics.pixelAccuracy()));
    return new Evaluation(
        measures,
        IntStream.range(0, metrics.classes())
            .mapToObj(k -> metrics.value(first.metric(), k))
            .toList());
  }

  private static Measure measure(SegmentationMetrics metrics, SemanticMetric metric) {
    return new Measure(metric.key(), metric.title(), metrics.mean(metric.metric()));
  }

  static Evaluation of(PanopticQuality quality) {
    PanopticQuality.Mean all = quality.mean(PanopticQuality.Part.ALL);
    return new Evaluation(
        List.of(
            new Measure(Quality.PQ.key(), Quality.PQ.title(), all.pq()),
            new Measure("sq", "SQ", all.sq()),
            new Measure("rq", "RQ", all.rq())),
        IntStream.range(0, quality.categories())
            .mapToObj(quality::counts)
            .map(counts -> counts.isEmpty() ? Double.NaN : counts.pq())
            .toList());
  }

  /** The measure that tells which model is the best. */
  public Measure quality() {
    return measures.getFirst();
  }
}
