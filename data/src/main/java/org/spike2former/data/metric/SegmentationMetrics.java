package org.spike2former.data.metric;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;

/**
 * Metrics of a segmentation, as mmsegmentation's {@code IoUMetric} defines them: areas are pooled
 * over a split before anything is divided, a value with a zero denominator is NaN, and means leave
 * NaN out. All values are shares, 0…1.
 */
public final class SegmentationMetrics {
  /** What there is for each class. */
  public enum Metric {
    IOU("IoU", "mIoU"),
    ACC("Acc", "mAcc"),
    DICE("Dice", "mDice"),
    FSCORE("Fscore", "mFscore"),
    PRECISION("Precision", "mPrecision"),
    RECALL("Recall", "mRecall");

    private final String title;
    private final String meanTitle;

    Metric(String title, String meanTitle) {
      this.title = title;
      this.meanTitle = meanTitle;
    }

    /** Its name in tables, such as "IoU". */
    public String title() {
      return title;
    }

    /** The name of its mean, such as "mIoU". */
    public String meanTitle() {
      return meanTitle;
    }
  }

  private final double[][] values = new double[Metric.values().length][];
  private final double pixelAccuracy;

  SegmentationMetrics(ConfusionMatrix matrix) {
    int classes = matrix.classes();
    for (int m = 0; m < values.length; m++) {
      values[m] = new double[classes];
    }
    long found = 0;
    long all = 0;
    for (int k = 0; k < classes; k++) {
      double intersect = matrix.intersect(k);
      long predicted = matrix.predictedArea(k);
      long label = matrix.labelArea(k);
      set(Metric.IOU, k, intersect / matrix.union(k));
      set(Metric.ACC, k, intersect / label);
      set(Metric.DICE, k, 2 * intersect / (predicted + label));
      set(Metric.PRECISION, k, intersect / predicted);
      set(Metric.RECALL, k, intersect / label);
      set(Metric.FSCORE, k, fscore(intersect / predicted, intersect / label));
      found += matrix.intersect(k);
      all += label;
    }
    pixelAccuracy = (double) found / all;
  }

  private SegmentationMetrics(double[][] values, double pixelAccuracy) {
    System.arraycopy(values, 0, this.values, 0, values.length);
    this.pixelAccuracy = pixelAccuracy;
  }

  private void set(Metric metric, int k, double value) {
    values[metric.ordinal()][k] = value;
  }

  /** In float32 like the original, as this one value depends on how its steps are rounded. */
  private static double fscore(double precision, double recall) {
    float p = (float) precision;
    float r = (float) recall;
    return 2 * (p * r) / (p + r);
  }

  /** Number of classes K. */
  public int classes() {
    return values[0].length;
  }

  /** A metric of class {@code k}; NaN where its denominator is zero. */
  public double value(Metric metric, int k) {
    return values[metric.ordinal()][k];
  }

  /** Mean over the classes that have a value; NaN where none has. */
  public double mean(Metric metric) {
    double sum = 0;
    int counted = 0;
    for (double value : values[metric.ordinal()]) {
      if (!Double.isNaN(value)) {
        sum += value;
        counted++;
      }
    }
    return sum / counted;
  }

  /** aAcc: share of all counted pixels whose class was found; NaN where none was counted. */
  public double pixelAccuracy() {
    return pixelAccuracy;
  }

  /** mIoU: mean intersection over union. */
  public double meanIou() {
    return mean(Metric.IOU);
  }

  /** These metrics with {@code replacement} for every NaN of a class, which means then count. */
  public SegmentationMetrics withNaNAs(double replacement) {
    double[][] replaced = new double[values.length][];
    for (int m = 0; m < values.length; m++) {
      replaced[m] = values[m].clone();
      for (int k = 0; k < replaced[m].length; k++) {
        replaced[m][k] = Double.isNaN(replaced[m][k]) ? replacement : replaced[m][k];
      }
    }
    return new SegmentationMetrics(
        replaced, Double.isNaN(pixelAccuracy) ? replacement : pixelAccuracy);
  }

  /** aAcc and the means, by name: percent, rounded to two digits as in published tables. */
  public Map<String, Double> summary() {
    Map<String, Double> summary = new LinkedHashMap<>();
    summary.put("aAcc", percent(pixelAccuracy));
    for (Metric metric : Metric.values()) {
      summary.put(metric.meanTitle(), percent(mean(metric)));
    }
    return summary;
  }

  private static double percent(double share) {
    return Double.isNaN(share) ? share : Math.rint(share * 10_000) / 100;
  }

  /**
   * A table of the classes, one line each, with its header; columns are aligned.
   *
   * @throws IllegalArgumentException if there are not as many names as classes
   */
  public List<String> table(List<String> names) {
    if (names.size() != classes()) {
      throw new IllegalArgumentException(names.size() + " names for " + classes() + " classes");
    }
    return table(names, "%.2f", "-").text().lines().toList();
  }

  /**
   * A row for each class; values in percent.
   *
   * @param format of a value
   * @param none in place of NaN; null for nothing
   */
  Table<Integer> table(List<String> names, String format, String none) {
    List<Column<Integer>> columns = new ArrayList<>();
    columns.add(Column.left("class", names::get));
    for (Metric metric : Metric.values()) {
      columns.add(
          Column.right(
              metric.title(),
              9,
              k -> {
                double value = value(metric, k);
                return Double.isNaN(value) ? none : String.format(Locale.ROOT, format, 100 * value);
              }));
    }
    return new Table<>(columns, IntStream.range(0, classes()).boxed().toList());
  }
}
