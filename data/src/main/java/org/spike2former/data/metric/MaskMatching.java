package org.spike2former.data.metric;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.spike2former.data.metric.MaskPrecision.Detection;
import org.spike2former.data.metric.MaskPrecision.Size;
import org.spike2former.data.metric.MaskPrecision.Truth;

/**
 * The detections of one image and category, given to the objects of one size that are there.
 *
 * @param scores of the detections, descending
 * @param matched for each threshold and detection whether it was given an object
 * @param ignored whether it counts neither for nor against
 * @param objects how many should be found
 */
record MaskMatching(double[] scores, boolean[][] matched, boolean[][] ignored, int objects)
    implements Serializable {
  private static final double GREATEST = 1 - 1e-10;

  /**
   * Gives each detection, the surest first, the object with the greatest overlap that is still
   * free; crowds always are. An object that counts goes before one that does not, whatever the
   * overlap.
   *
   * @param ious [detections, truths]
   */
  static MaskMatching of(
      List<Truth> truths, List<Detection> detections, double[][] ious, Size size) {
    boolean[] ignorable = new boolean[truths.size()];
    List<Integer> order = new ArrayList<>();
    List<Integer> last = new ArrayList<>();
    for (int g = 0; g < ignorable.length; g++) {
      ignorable[g] = truths.get(g).crowd() || !size.has(truths.get(g).area());
      (ignorable[g] ? last : order).add(g);
    }
    int objects = order.size();
    order.addAll(last);

    int count = detections.size();
    int thresholds = MaskPrecision.THRESHOLDS.length;
    boolean[][] matched = new boolean[thresholds][count];
    boolean[][] ignored = new boolean[thresholds][count];
    for (int t = 0; t < thresholds; t++) {
      boolean[] taken = new boolean[ignorable.length];
      for (int d = 0; d < count; d++) {
        int best = -1;
        double greatest = Math.min(MaskPrecision.THRESHOLDS[t], GREATEST);
        for (int g : order) {
          if (taken[g] && !truths.get(g).crowd()) {
            continue;
          }
          if (best >= 0 && !ignorable[best] && ignorable[g]) {
            break;
          }
          if (ious[d][g] >= greatest) {
            greatest = ious[d][g];
            best = g;
          }
        }
        if (best >= 0) {
          taken[best] = true;
        }
        matched[t][d] = best >= 0;
        ignored[t][d] = best >= 0 ? ignorable[best] : !size.has(detections.get(d).mask().area());
      }
    }
    return new MaskMatching(
        detections.stream().mapToDouble(Detection::score).toArray(), matched, ignored, objects);
  }

  /** Indices of the first detections. */
  IntStream first(int most) {
    return IntStream.range(0, Math.min(most, scores.length));
  }
}
