package org.spike2former.data;

import java.util.function.IntToDoubleFunction;

/**
 * Counts of (true class, predicted class) over all pixels of all images, and the segmentation
 * metrics that follow from them. Counts are pooled over a split before anything is divided. A
 * metric with a zero denominator is NaN and left out of means.
 */
public final class ConfusionMatrix {
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
   * @throws IllegalArgumentException if the sizes differ, or a label that counts is no class
   */
  public void add(LabelMap prediction, LabelMap groundTruth, int ignoreIndex) {
    if (prediction.height() != groundTruth.height() || prediction.width() != groundTruth.width()) {
      throw new IllegalArgumentException(
          "prediction of %dx%d pixels, ground truth of %dx%d"
              .formatted(
                  prediction.width(),
                  prediction.height(),
                  groundTruth.width(),
                  groundTruth.height()));
    }
    long[] added = new long[counts.length];
    byte[] predicted = prediction.labels();
    byte[] actual = groundTruth.labels();
    for (int i = 0; i < actual.length; i++) {
      int truth = actual[i] & 0xff;
      int guess = predicted[i] & 0xff;
      if (truth == ignoreIndex) {
        continue;
      }
      if (truth >= classes || guess >= classes) {
        throw new IllegalArgumentException(
            "%s label %d at x=%d, y=%d is none of the %d classes"
                .formatted(
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

  /** Number of classes K. */
  public int classes() {
    return classes;
  }

  /** Pixels of class {@code truth} that were predicted as {@code guess}. */
  public long count(int truth, int guess) {
    return counts[truth * classes + guess];
  }

  private long truePixels(int k) {
    long sum = 0;
    for (int guess = 0; guess < classes; guess++) {
      sum += count(k, guess);
    }
    return sum;
  }

  private long predictedPixels(int k) {
    long sum = 0;
    for (int truth = 0; truth < classes; truth++) {
      sum += count(truth, k);
    }
    return sum;
  }

  /** Intersection over union of class {@code k}. */
  public double iou(int k) {
    return (double) count(k, k) / (truePixels(k) + predictedPixels(k) - count(k, k));
  }

  /** Share of the pixels of class {@code k} that were found, the recall. */
  public double accuracy(int k) {
    return (double) count(k, k) / truePixels(k);
  }

  /** Dice coefficient of class {@code k}: twice the intersection over the sum of both areas. */
  public double dice(int k) {
    return 2.0 * count(k, k) / (truePixels(k) + predictedPixels(k));
  }

  /** mIoU: mean intersection over union. */
  public double meanIou() {
    return mean(this::iou);
  }

  /** mAcc: mean accuracy of the classes. */
  public double meanAccuracy() {
    return mean(this::accuracy);
  }

  /** mDice: mean Dice coefficient. */
  public double meanDice() {
    return mean(this::dice);
  }

  /** aAcc: share of all counted pixels whose class was found; NaN where none was counted. */
  public double pixelAccuracy() {
    long correct = 0;
    long all = 0;
    for (int k = 0; k < classes; k++) {
      correct += count(k, k);
      all += truePixels(k);
    }
    return (double) correct / all;
  }

  private double mean(IntToDoubleFunction metric) {
    double sum = 0;
    int counted = 0;
    for (int k = 0; k < classes; k++) {
      double value = metric.applyAsDouble(k);
      if (!Double.isNaN(value)) {
        sum += value;
        counted++;
      }
    }
    return sum / counted;
  }
}
