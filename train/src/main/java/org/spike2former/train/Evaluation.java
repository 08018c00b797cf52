package org.spike2former.train;

import java.util.List;
import java.util.stream.IntStream;
import org.spike2former.data.Task;
import org.spike2former.data.metric.PanopticQuality;
import org.spike2former.data.metric.SegmentationMetrics;

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

  static Evaluation of(SegmentationMetrics metrics) {
    return new Evaluation(
        List.of(
            new Measure(key(Task.SEMANTIC), name(Task.SEMANTIC), metrics.meanIou()),
            new Measure("macc", "mAcc", metrics.mean(SegmentationMetrics.Metric.ACC)),
            new Measure("aacc", "aAcc", metrics.pixelAccuracy())),
        IntStream.range(0, metrics.classes())
            .mapToObj(k -> metrics.value(SegmentationMetrics.Metric.IOU, k))
            .toList());
  }

  static Evaluation of(PanopticQuality quality) {
    PanopticQuality.Mean all = quality.mean(PanopticQuality.Part.ALL);
    return new Evaluation(
        List.of(
            new Measure(key(Task.PANOPTIC), name(Task.PANOPTIC), all.pq()),
            new Measure("sq", "SQ", all.sq()),
            new Measure("rq", "RQ", all.rq())),
        IntStream.range(0, quality.categories())
            .mapToObj(quality::counts)
            .map(counts -> counts.isEmpty() ? Double.NaN : counts.pq())
            .toList());
  }

  /** The key of the measure that tells which model is the best. */
  public static String key(Task task) {
    return task == Task.PANOPTIC ? "pq" : "miou";
  }

  /** Its name. */
  public static String name(Task task) {
    return task == Task.PANOPTIC ? "PQ" : "mIoU";
  }

  /** The name of what there is for each class. */
  public static String classMeasure(Task task) {
    return task == Task.PANOPTIC ? "PQ" : "IoU";
  }

  /** The measure that tells which model is the best. */
  public Measure quality() {
    return measures.getFirst();
  }
}
