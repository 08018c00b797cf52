package org.spike2former.tensor.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.Tensor;

/**
 * The integer part of attention on spikes: {@code q·kᵀ·v} for one map and head, in float64, which
 * holds every integer below 2⁵³ exactly (sums of few products in float32, below 2²⁴). Exact sums
 * have no order, so the association that takes fewer products is used.
 */
final class VectorAttention {
  private static final long EXACT = 1L << 53;

  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();

  /** Products of spikes below 128 whose sum float32 holds exactly: 2²⁴/2¹⁴. */
  private static final int KEYS_PER_SUM = 1024;

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

  /** {@code kᵀ·v}, [width, valueWidth]: the sum of the outer products of the tokens. */
  private double[] keysByValues(int n, int head) {
    double[] out = new double[width * valueWidth];
    int padded = (valueWidth + LANES - 1) / LANES * LANES;
    float[] sums = new float[width * padded];
    float[] key = new float[width];
    float[] value = new float[padded];
    for (int from = 0; from < keys; from += KEYS_PER_SUM) {
      Arrays.fill(sums, 0);
      int to = Math.min(keys, from + KEYS_PER_SUM);
      for (int i = from; i < to; i++) {
        int token = (n * keys + i) * heads + head;
        VectorBytes.widen(k.bytes(), token * width, key, 0, width);
        VectorBytes.widen(v.bytes(), token * valueWidth, value, 0, valueWidth);
        addOuterProduct(key, value, sums);
      }
      for (int a = 0; a < width; a++) {
        for (int b = 0; b < valueWidth; b++) {
          out[a * valueWidth + b] += sums[a * padded + b];
        }
      }
    }
    return out;
  }

  private static void addOuterProduct(float[] key, float[] value, float[] sums) {
    for (int b = 0; b < value.length; b += LANES) {
      FloatVector lanes = FloatVector.fromArray(SPECIES, value, b);
      for (int a = 0; a < key.length; a++) {
        int at = a * value.length + b;
        lanes
            .fma(FloatVector.broadcast(SPECIES, key[a]), FloatVector.fromArray(SPECIES, sums, at))
            .intoArray(sums, at);
      }
    }
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
