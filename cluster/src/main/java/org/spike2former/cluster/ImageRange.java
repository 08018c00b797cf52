package org.spike2former.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Images {@code from} to {@code to} of a list, the latter not included: what a task is given. */
record ImageRange(int from, int to) implements Serializable {
  /** Tasks for each processor, so that a slow one holds up little; larger tasks report seldom. */
  private static final int TASKS_PER_PROCESSOR = 4;

  private static final int MOST_IMAGES = 64;

  /** All images, in tasks of this many; null: by their number and that of processors. */
  static List<ImageRange> of(int images, Integer perTask, int processors) {
    int fair = Math.ceilDiv(images, TASKS_PER_PROCESSOR * Math.max(1, processors));
    int count = perTask == null ? Math.clamp(fair, 1, MOST_IMAGES) : perTask;
    List<ImageRange> ranges = new ArrayList<>();
    for (int from = 0; from < images; from += count) {
      ranges.add(new ImageRange(from, Math.min(images, from + count)));
    }
    return ranges;
  }
}
