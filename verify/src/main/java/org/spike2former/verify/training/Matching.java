package org.spike2former.verify.training;

import java.util.Arrays;

/** The criterion's assignment in the layouts in which it is recorded. */
final class Matching {
  private Matching() {}

  /** {@code assigned_query}, [L, B, most]: for each target its query, or −1. */
  static double[] queries(int[][][] assigned, int most) {
    int images = assigned[0].length;
    double[] out = new double[assigned.length * images * most];
    Arrays.fill(out, -1);
    for (int row = 0; row < assigned.length * images; row++) {
      int[] queries = assigned[row / images][row % images];
      for (int k = 0; k < Math.min(most, queries.length); k++) {
        out[row * most + k] = queries[k];
      }
    }
    return out;
  }

  /** {@code query_gt_inds}, [L, B, Q]: for each query 1 + its target, or 0. */
  static double[] targets(int[][][] assigned, int queries) {
    int images = assigned[0].length;
    double[] out = new double[assigned.length * images * queries];
    for (int row = 0; row < assigned.length * images; row++) {
      int[] of = assigned[row / images][row % images];
      for (int k = 0; k < of.length; k++) {
        if (of[k] >= 0) {
          out[row * queries + of[k]] = k + 1;
        }
      }
    }
    return out;
  }

  /** {@code num_gt}, [B]. */
  static double[] counts(int[][][] assigned) {
    return Arrays.stream(assigned[0]).mapToDouble(targets -> targets.length).toArray();
  }
}
