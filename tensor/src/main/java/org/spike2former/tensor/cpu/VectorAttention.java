package org.spike2former.tensor.cpu;

import org.spike2former.tensor.Tensor;

/**
 * The integer part of attention on spikes: {@code q·kᵀ·v} for one map and head, in float64, which
 * holds every integer below 2⁵³ exactly. Exact sums have no order, so the association that takes
 * fewer products is used.
 */
final class VectorAttention {
  private static final long EXACT = 1L << 53;

  private final Tensor q;
  private final Tensor k;
  private final Tensor v;
  private final int heads;
  private final int queries;
  private final int keys;

  /** Channels of a head. */
  private final int width;

  private final int valueWidth;

  VectorAttention(Tensor q, Tensor k, Tensor v, int heads) {
    this.q = q;
    this.k = k;
    this.v = v;
    this.heads = heads;
    queries = q.dim(1);
    keys = k.dim(1);
    width = q.dim(2) / heads;
    valueWidth = v.dim(2) / heads;
  }

  /** Whether no sum can leave the integers that float64 holds, for spikes of any size. */
  boolean isExact() {
    long spike = 128;
    return spike * spike * spike * keys < EXACT / Math.max(1, width);
  }

  /** Channels of a head of v. */
  int valueWidth() {
    return valueWidth;
  }

  /** The sums [queries, valueWidth] of one map and head. */
  double[] sums(int n, int head) {
    double[] a = head(q, n, head, width);
    double[] result;
    long keysFirst = (long) width * valueWidth * (keys + queries);
    long queriesFirst = (long) queries * keys * (width + valueWidth);
    if (keysFirst <= queriesFirst) {
      double[] keysByChannel = transpose(head(k, n, head, width), keys, width);
      double[] values = head(v, n, head, valueWidth);
      double[] product = multiply(keysByChannel, width, keys, values, valueWidth);
      result = multiply(a, queries, width, product, valueWidth);
    } else {
      double[] keysByChannel = transpose(head(k, n, head, width), keys, width);
      double[] product = multiply(a, queries, width, keysByChannel, keys);
      result = multiply(product, queries, keys, head(v, n, head, valueWidth), valueWidth);
    }
    return result;
  }

  private double[] head(Tensor x, int n, int head, int headWidth) {
    int tokens = x.dim(1);
    double[] out = new double[tokens * headWidth];
    for (int i = 0; i < tokens; i++) {
      int at = ((n * tokens + i) * heads + head) * headWidth;
      VectorBytes.widen(x.bytes(), at, out, i * headWidth, headWidth);
    }
    return out;
  }

  private static double[] transpose(double[] x, int rows, int columns) {
    double[] out = new double[x.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        out[c * rows + r] = x[r * columns + c];
      }
    }
    return out;
  }

  /** {@code a·b} with a [rows, depth] and b [depth, columns]. */
  private static double[] multiply(double[] a, int rows, int depth, double[] b, int columns) {
    double[] out = new double[rows * columns];
    double[] panels = VectorGemmF64.panels(b, depth, columns);
    double[] bias = new double[VectorGemmF64.paddedColumns(columns)];
    VectorGemmF64.multiply(a, 0, rows, depth, panels, bias, columns, out, 0);
    return out;
  }
}
