package org.spike2former.train;

import org.spike2former.data.Task;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.metric.SemanticMetric;

/** The measure that tells which of a run's models is the best. */
public enum Quality {
  /** Mean intersection over union. */
  MIOU(SemanticMetric.MIOU),
  /** Mean Dice coefficient. */
  MDICE(SemanticMetric.MDICE),
  /** Panoptic quality. */
  PQ("pq", "PQ", "PQ");

  private final String key;
  private final String title;
  private final String ofClass;

  Quality(SemanticMetric mean) {
    this(mean.key(), mean.title(), mean.metric().title());
  }

  Quality(String key, String title, String ofClass) {
    this.key = key;
    this.title = title;
    this.ofClass = ofClass;
  }

  /** That of runs with such data. */
  public static Quality of(DataConfig data) {
    return of(data.task(), data.metric());
  }

  /** That of a task, where semantic segmentation goes by this metric. */
  public static Quality of(Task task, SemanticMetric metric) {
    return task == Task.PANOPTIC
        ? PQ
        : switch (metric) {
          case MIOU -> MIOU;
          case MDICE -> MDICE;
        };
  }

  /** Its key in the log. */
  public String key() {
    return key;
  }

  /** Its name for readers. */
  public String title() {
    return title;
  }

  /** The name of what each class has of it. */
  public String ofClass() {
    return ofClass;
  }
}
