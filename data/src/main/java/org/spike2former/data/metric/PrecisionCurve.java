package org.spike2former.data.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * Precision over recall of one category, for each threshold of the overlap.
 *
 * @param precision [thresholds, 101]: the best precision from each hundredth of recall on
 * @param recall [thresholds]: of all detections
 */
record PrecisionCurve(double[][] precision, double[] recall) {
  private static final double[] RECALLS = MaskPrecision.steps(0, 1, 101);

  /** So that nothing is divided by zero: the distance from 1 to the next number. */
  private static final double EPSILON = Math.ulp(1.0);

  /** A detection of an image. */
  private record Found(MaskMatching image, int index) {
    double score() {
      return image.scores()[index];
    }
  }

  /**
   * The curve of all images.
   *
   * @param most detections of an image that count
   * @return empty if there is no object to be found
   */
  static Optional<PrecisionCurve> of(List<MaskMatching> images, int most) {
    int objects = images.stream().mapToInt(MaskMatching::objects).sum();
    if (objects == 0) {
      return Optional.empty();
    }
    List<Found> found = new ArrayList<>();
    for (MaskMatching image : images) {
      image.first(most).forEach(i -> found.add(new Found(image, i)));
    }
    found.sort(Comparator.comparingDouble(Found::score).reversed());
    int thresholds = MaskPrecision.THRESHOLDS.length;
    PrecisionCurve curve = new PrecisionCurve(new double[thresholds][], new double[thresholds]);
    for (int t = 0; t < thresholds; t++) {
      curve.compute(t, found, objects);
    }
    return Optional.of(curve);
  }

  private void compute(int t, List<Found> found, int objects) {
    double[] recalls = new double[found.size()];
    double[] precisions = new double[found.size()];
    double right = 0;
    double wrong = 0;
    for (int i = 0; i < recalls.length; i++) {
      MaskMatching image = found.get(i).image();
      int d = found.get(i).index();
      if (!image.ignored()[t][d]) {
        right += image.matched()[t][d] ? 1 : 0;
        wrong += image.matched()[t][d] ? 0 : 1;
      }
      recalls[i] = right / objects;
      precisions[i] = right / (wrong + right + EPSILON);
    }
    recall[t] = recalls.length == 0 ? 0 : recalls[recalls.length - 1];
    for (int i = precisions.length - 1; i > 0; i--) {
      precisions[i - 1] = Math.max(precisions[i - 1], precisions[i]);
    }
    precision[t] = new double[RECALLS.length];
    int at = 0;
    for (int r = 0; r < RECALLS.length; r++) {
      while (at < recalls.length && recalls[at] < RECALLS[r]) {
        at++;
      }
      precision[t][r] = at < recalls.length ? precisions[at] : 0;
    }
  }

  /** All precisions. */
  DoubleStream precisions() {
    return Arrays.stream(precision).flatMapToDouble(Arrays::stream);
  }

  /** The precisions at a threshold. */
  DoubleStream precisions(int threshold) {
    return Arrays.stream(precision[threshold]);
  }

  /** The recalls at all thresholds. */
  DoubleStream recalls() {
    return Arrays.stream(recall);
  }
}
