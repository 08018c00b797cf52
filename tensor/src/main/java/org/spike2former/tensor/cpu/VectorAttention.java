package org.spike2former.tensor.cpu;

import org.spike2former.tensor.Tensor;

/**
 * The integer part of attention on spikes: {@code q·kᵀ·v} for one map and head, in float64, which
 * holds every integer below 2⁵³ exactly. Exact sums have no order, so the association that takes
 * fewer products is used.
 */
final class VectorAttention {
  private static final long EXACT = 1L << 53;

  private static final int KEY_BLOCK = 120;

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
    long keysFirst = (long) width * valueWidth * (keys + queries);
    long queriesFirst = (long) queries * keys * (width + valueWidth);
    double[] a = rows(q, n, head, 0, queries);
    if (keysFirst <= queriesFirst) {
      return multiply(a, queries, width, keysByValues(n, head), valueWidth);
    }
    double[] keysByChannel = keysByChannel(n, head, 0, keys);
    double[] product = multiply(a, queries, width, keysByChannel, keys);
    return multiply(product, queries, keys, rows(v, n, head, 0, keys), valueWidth);
  }

  /** {@code kᵀ·v}, [width, valueWidth], from some keys at a time that stay in the cache. */
  private double[] keysByValues(int n, int head) {
    double[] sums = new double[width * valueWidth];
    for (int from = 0; from < keys; from += KEY_BLOCK) {
      int to = Math.min(from + KEY_BLOCK, keys);
      double[] keysByChannel = keysByChannel(n, head, from, to);
      double[] values = rows(v, n, head, from, to);
      double[] part = multiply(keysByChannel, width, to - from, values, valueWidth);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += part[i];
      }
    }
    return sums;
  }

  /** A head's channels of the tokens from…to of one map. */
  private double[] rows(Tensor x, int n, int head, int from, int to) {
    int headWidth = x.dim(2) / heads;
    double[] out = new double[(to - from) * headWidth];
    for (int i = from; i < to; i++) {
      int at = ((n * x.dim(1) + i) * heads + head) * headWidth;
      VectorBytes.widen(x.bytes(), at, out, (i - from) * headWidth, headWidth);
    }
    return out;
  }

  /** A head's channels of the keys from…to of one map, transposed to [width, to − from]. */
  private double[] keysByChannel(int n, int head, int from, int to) {
    byte[] in = k.bytes();
    int count = to - from;
    int channels = k.dim(2);
    int first = (n * keys + from) * channels + head * width;
    double[] out = new double[count * width];
    for (int c = 0; c < width; c++) {
      for (int i = 0; i < count; i++) {
        out[c * count + i] = in[first + i * channels + c];
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
