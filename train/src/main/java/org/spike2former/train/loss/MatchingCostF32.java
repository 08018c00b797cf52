package org.spike2former.train.loss;

import org.spike2former.tensor.cpu.kernels.LossKernelsF32;

/**
 * Costs of the matching ({@code model.md} section 9) for the queries of one state's image. Elements
 * in float32, as the release has them: {@code log(1 − sigmoid(x) + 1e-12)} of a large x is that of
 * 1e-12; sums over pixels in double.
 */
final class MatchingCostF32 {
  private final LossKernelsF32 kernels;
  private final CriterionConfig config;
  private final int classes;
  private final int queries;
  private final int h;
  private final int w;

  MatchingCostF32(
      LossKernelsF32 kernels, CriterionConfig config, int classes, int queries, int h, int w) {
    this.kernels = kernels;
    this.config = config;
    this.classes = classes;
    this.queries = queries;
    this.h = h;
    this.w = w;
  }

  /** Sums over the pixels of each slot, [G+1, Q]. */
  private static final class Sums {
    private final double[] positive;
    private final double[] negative;
    private final double[] sigmoid;

    Sums(int size) {
      positive = new double[size];
      negative = new double[size];
      sigmoid = new double[size];
    }
  }

  /**
   * Costs of every query and target.
   *
   * @param probabilities softmax of the class scores, [.., Q, K+1] from probabilityBase
   * @param masks [.., h, w, Q] from maskBase
   */
  MatchingCost of(
      float[] probabilities, int probabilityBase, float[] masks, int maskBase, Targets targets) {
    int count = targets.count();
    Sums sums = sums(masks, maskBase, targets);
    double classCost = config.classCost();
    double maskWeight = config.maskWeight();
    double diceWeight = config.diceWeight();
    double[] cls = new double[queries * count];
    double[] mask = new double[queries * count];
    double[] dice = new double[queries * count];
    double[] total = new double[queries * count];
    for (int q = 0; q < queries; q++) {
      double area = 0;
      for (int slot = 0; slot <= count; slot++) {
        area += sums.sigmoid[slot * queries + q];
      }
      for (int k = 0; k < count; k++) {
        double others = 0;
        for (int slot = 0; slot <= count; slot++) {
          others += slot == k + 1 ? 0 : sums.negative[slot * queries + q];
        }
        int at = (k + 1) * queries + q;
        float probability = probabilities[probabilityBase + q * (classes + 1) + targets.label(k)];
        float clsCost = -probability * (float) classCost;
        float maskCost =
            ((float) sums.positive[at] + (float) others) / (h * w) * (float) maskWeight;
        float numerator = 2 * (float) sums.sigmoid[at];
        float denominator = (float) area + targets.smallArea(k);
        float diceCost = (1 - (numerator + 1) / (denominator + 1)) * (float) diceWeight;
        int i = q * count + k;
        cls[i] = clsCost;
        mask[i] = maskCost;
        dice[i] = diceCost;
        total[i] = clsCost + maskCost + diceCost;
      }
    }
    return new MatchingCost(queries, count, cls, mask, dice, total);
  }

  private Sums sums(float[] masks, int base, Targets targets) {
    Sums sums = new Sums((targets.count() + 1) * queries);
    short[] slots = targets.smallSlots();
    int row = w * queries;
    float[] sigmoid = new float[row];
    float[] negative = new float[row];
    float[] positive = new float[row];
    for (int y = 0; y < h; y++) {
      kernels.matching(masks, base + y * row, sigmoid, negative, positive);
      for (int x = 0; x < w; x++) {
        int to = (slots[y * w + x] & 0xffff) * queries;
        add(sigmoid, x * queries, sums.sigmoid, to);
        add(negative, x * queries, sums.negative, to);
        add(positive, x * queries, sums.positive, to);
      }
    }
    return sums;
  }

  private void add(float[] from, int base, double[] sums, int to) {
    for (int q = 0; q < queries; q++) {
      sums[to + q] += from[base + q];
    }
  }
}
