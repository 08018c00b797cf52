package org.spike2former.data.metric;

import org.spike2former.data.config.Ranges;

/** By which of the means over classes models are compared. */
public enum SemanticMetric {
  /** Mean intersection over union. */
  MIOU(SegmentationMetrics.Metric.IOU),
  /** Mean Dice coefficient, as is usual for medical images. */
  MDICE(SegmentationMetrics.Metric.DICE);

  private final SegmentationMetrics.Metric metric;

  SemanticMetric(SegmentationMetrics.Metric metric) {
    this.metric = metric;
  }

  /** What it is the mean of. */
  public SegmentationMetrics.Metric metric() {
    return metric;
  }

  /** Its key in logs and files, such as "miou". */
  public String key() {
    return Ranges.word(this);
  }

  /** Its name for readers, such as "mIoU". */
  public String title() {
    return metric.meanTitle();
  }
}
