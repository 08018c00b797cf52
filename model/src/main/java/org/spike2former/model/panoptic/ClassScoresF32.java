package org.spike2former.model.panoptic;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.Exp;

/** Softmax of the class scores of every query. */
final class ClassScoresF32 {
  private final int queries;
  private final int width;
  private final float[] shares;

  /**
   * Takes the softmax as {@code Ops.softmax} does.
   *
   * @param scores [1, Q, K+1]
   * @throws ArithmeticException if a score is not finite
   */
  ClassScoresF32(Tensor scores) {
    queries = scores.dim(1);
    width = scores.dim(2);
    float[] in = scores.floats();
    shares = new float[in.length];
    for (int query = 0; query < queries; query++) {
      softmax(in, query);
    }
  }

  private void softmax(float[] in, int query) {
    int base = query * width;
    float max = in[base];
    for (int k = 0; k < width; k++) {
      if (!Float.isFinite(in[base + k])) {
        throw new ArithmeticException("class scores of query " + query + " are not finite");
      }
      max = Math.max(max, in[base + k]);
    }
    float sum = 0;
    for (int k = 0; k < width; k++) {
      shares[base + k] = Exp.exp(in[base + k] - max);
      sum += shares[base + k];
    }
    for (int k = 0; k < width; k++) {
      shares[base + k] /= sum;
    }
  }

  /** K: the number of classes, and the index of "no object". */
  int classes() {
    return width - 1;
  }

  /** Number of queries Q. */
  int queries() {
    return queries;
  }

  /** Share of a class. */
  float share(int query, int k) {
    return shares[query * width + k];
  }

  /** The class with the greatest share, "no object" among them; the first of equals. */
  int best(int query) {
    int best = 0;
    for (int k = 1; k < width; k++) {
      best = share(query, k) > share(query, best) ? k : best;
    }
    return best;
  }

  /**
   * The greatest shares of all queries in classes other than "no object", greatest first, of equals
   * the lower index.
   *
   * @return indices {@code query·K + class}
   */
  int[] greatest(int most) {
    return IntStream.range(0, queries * classes())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -share(i / classes(), i % classes())))
        .limit(most)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
