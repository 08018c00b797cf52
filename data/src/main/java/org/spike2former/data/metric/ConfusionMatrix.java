package org.spike2former.data.metric;

import java.util.Locale;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Tally;

/**
 * Counts of (true class, predicted class) over all pixels of all images of a split; {@link
 * #metrics} follow from them.
 */
public final class ConfusionMatrix implements Tally<ConfusionMatrix> {
  private static final long serialVersionUID = 1;

  private final int classes;
  private final long[] counts;

  /**
   * An empty matrix.
   *
   * @param classes number of classes K
   */
  public ConfusionMatrix(int classes) {
    if (classes < 1 || classes > ClassTable.MAX_CLASSES) {
      throw new IllegalArgumentException(
          "expected 1 to " + ClassTable.MAX_CLASSES + " classes, found " + classes);
    }
    this.classes = classes;
    this.counts = new long[classes * classes];
  }

  /**
   * Adds the pixels of an image.
   *
   * @param ignoreIndex pixels with this true label do not count
   * @throws IllegalArgumentException if the sizes differ, or a label that counts is not a class
   */
  public void add(LabelMap prediction, LabelMap groundTruth, int ignoreIndex) {
    if (prediction.height() != groundTruth.height() || prediction.width() != groundTruth.width()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "prediction of %dx%d pixels, ground truth of %dx%d",
              prediction.width(),
              prediction.height(),
              groundTruth.width(),
              groundTruth.height()));
    }
    long[] added = new long[counts.length];
    byte[] predicted = prediction.narrow();
    byte[] actual = groundTruth.narrow();
    for (int i = 0; i < actual.length; i++) {
      int truth = actual[i] & 0xff;
      int guess = predicted[i] & 0xff;
      if (truth == ignoreIndex) {
        continue;
      }
      if (truth >= classes || guess >= classes) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s label %d at x=%d, y=%d is not one of the %d classes",
                truth >= classes ? "ground truth" : "predicted",
                truth >= classes ? truth : guess,
                i % groundTruth.width(),
                i / groundTruth.width(),
                classes));
      }
      added[truth * classes + guess]++;
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] += added[i];
    }
  }

  /**
   * Adds the pixels of other images.
   *
   * @throws IllegalArgumentException if they have another number of classes
   */
  @Override
  public void add(ConfusionMatrix next) {
    if (next.classes != classes) {
      throw new IllegalArgumentException(
          "a matrix of " + next.classes + " classes, expected " + classes);
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] += next.counts[i];
    }
  }

  /** Number of classes K. */
  public int classes() {
    return classes;
  }

  /** Pixels of class {@code truth} that were predicted as {@code guess}. */
  public long count(int truth, int guess) {
    return counts[truth * classes + guess];
  }

  /** Pixels of class {@code k} that were found. */
  public long intersect(int k) {
    return count(k, k);
  }

  /** Pixels of class {@code k} in the ground truth. */
  public long labelArea(int k) {
    long sum = 0;
    for (int guess = 0; guess < classes; guess++) {
      sum += count(k, guess);
    }
    return sum;
  }

  /** Pixels that were predicted as class {@code k}. */
  public long predictedArea(int k) {
    long sum = 0;
    for (int truth = 0; truth < classes; truth++) {
      sum += count(truth, k);
    }
    return sum;
  }

  /** Pixels that are of class {@code k}, or were predicted as it. */
  public long union(int k) {
    return labelArea(k) + predictedArea(k) - intersect(k);
  }

  /** The metrics of what was counted so far. */
  public SegmentationMetrics metrics() {
    return new SegmentationMetrics(this);
  }
}
