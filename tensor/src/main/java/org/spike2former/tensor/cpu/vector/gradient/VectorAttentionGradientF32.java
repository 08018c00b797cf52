package org.spike2former.tensor.cpu.vector.gradient;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.NativeScratch;
import org.spike2former.tensor.cpu.kernels.ScratchF32;
import org.spike2former.tensor.cpu.vector.VectorBytes;
import org.spike2former.tensor.cpu.vector.VectorGemmF32;
import org.spike2former.tensor.cpu.vector.VectorPanelsF32;

/**
 * Backward of attention on spikes as matrix products, a map and head at a time. See {@link
 * org.spike2former.tensor.cpu.kernels.GradientKernelsF32#attention} for the sums.
 */
final class VectorAttentionGradientF32 {
  /** Integers up to this are exact. */
  private static final double EXACT = 2.0 / Math.ulp(1f);

  private static final NativeScratch PANELS = new NativeScratch();
  private static final ScratchF32 LINE = new ScratchF32();
  private static final ScratchF32 ZEROS = new ScratchF32();

  private final Tensor q;
  private final Tensor k;
  private final Tensor v;
  private final int heads;
  private final int queries;
  private final int keys;

  /** Channels of a head. */
  private final int width;

  private final int valueWidth;
  private final boolean exact;

  VectorAttentionGradientF32(Tensor q, Tensor k, Tensor v, int heads) {
    this.q = q;
    this.k = k;
    this.v = v;
    this.heads = heads;
    queries = q.dim(1);
    keys = k.dim(1);
    width = q.dim(2) / heads;
    valueWidth = v.dim(2) / heads;
    double greatest = (double) VectorBytes.max(k.bytes()) * VectorBytes.max(v.bytes());
    exact = greatest * keys < EXACT;
  }

  /** The pairs from…to of a map and a head. */
  void run(double scale, float[] dy, float[] dq, float[] dk, float[] dv, int from, int to) {
    float queryFactor = (float) (scale * k.scale() * v.scale());
    float keyFactor = (float) (scale * q.scale() * v.scale());
    float valueFactor = (float) (scale * q.scale() * k.scale());
    Tensor gradient = Tensor.of(dy, q.dim(0), queries, v.dim(2));
    float[] out = new float[Math.max(queries, keys) * Math.max(width, valueWidth)];
    for (int pair = from; pair < to; pair++) {
      float[] queryRows = rows(q, pair);
      float[] keyRows = rows(k, pair);
      float[] valueRows = rows(v, pair);
      float[] gradientRows = rows(gradient, pair);
      // M = kᵀ·v and G = qᵀ·dy, both [width, valueWidth].
      float[] keysByChannel = transposed(keyRows, keys, width);
      float[] products =
          exact
              ? product(keysByChannel, width, keys, valueRows, valueWidth)
              : roundedProduct(keysByChannel, width, keys, valueRows, valueWidth);
      float[] queriesByChannel = transposed(queryRows, queries, width);
      float[] gradients = product(queriesByChannel, width, queries, gradientRows, valueWidth);

      // dq = dy·Mᵀ, dk = v·Gᵀ and dv = k·G, each times its factor.
      float[] byValue = transposed(products, width, valueWidth);
      multiply(gradientRows, queries, valueWidth, byValue, width, out);
      store(out, queryFactor, queries, width, dq, pair);
      multiply(valueRows, keys, valueWidth, transposed(gradients, width, valueWidth), width, out);
      store(out, keyFactor, keys, width, dk, pair);
      multiply(keyRows, keys, width, gradients, valueWidth, out);
      store(out, valueFactor, keys, valueWidth, dv, pair);
    }
  }

  /** [tokens, channels of a head], spikes as their integers. */
  private float[] rows(Tensor x, int pair) {
    int tokens = x.dim(1);
    int headWidth = x.dim(2) / heads;
    float[] out = new float[tokens * headWidth];
    for (int i = 0; i < tokens; i++) {
      int at = ((pair / heads * tokens + i) * heads + pair % heads) * headWidth;
      if (x.dtype() == DType.SPIKES) {
        VectorBytes.widen(x.bytes(), at, out, i * headWidth, headWidth);
      } else {
        System.arraycopy(x.floats(), at, out, i * headWidth, headWidth);
      }
    }
    return out;
  }

  private void store(float[] in, float factor, int tokens, int headWidth, float[] out, int pair) {
    for (int i = 0; i < tokens; i++) {
      int at = ((pair / heads * tokens + i) * heads + pair % heads) * headWidth;
      for (int c = 0; c < headWidth; c++) {
        out[at + c] = in[i * headWidth + c] * factor;
      }
    }
  }

  private static float[] transposed(float[] in, int rows, int columns) {
    float[] out = new float[rows * columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        out[c * rows + r] = in[r * columns + c];
      }
    }
    return out;
  }

  private static float[] product(float[] a, int rows, int depth, float[] b, int columns) {
    float[] out = new float[rows * columns];
    multiply(a, rows, depth, b, columns, out);
    return out;
  }

  /** A product of integers that this real type might not hold on the way. */
  private static float[] roundedProduct(float[] a, int rows, int depth, float[] b, int columns) {
    float[] out = new float[rows * columns];
    long[] sums = new long[columns];
    for (int r = 0; r < rows; r++) {
      Arrays.fill(sums, 0);
      for (int i = 0; i < depth; i++) {
        for (int c = 0; c < columns; c++) {
          sums[c] += (long) a[r * depth + i] * (long) b[i * columns + c];
        }
      }
      for (int c = 0; c < columns; c++) {
        out[r * columns + c] = sums[c];
      }
    }
    return out;
  }

  /** {@code out[r, c] = Σ_i a[r, i]·b[i, c]}, i ascending, one fused multiply-add each from 0. */
  private static void multiply(
      float[] a, int rows, int depth, float[] b, int columns, float[] out) {
    MemorySegment panels = PANELS.atLeast(VectorPanelsF32.bytes(depth, columns));
    float[] line = LINE.exactly(VectorPanelsF32.padded(columns));
    for (int i = 0; i < depth; i++) {
      System.arraycopy(b, i * columns, line, 0, columns);
      VectorPanelsF32.setRow(panels, depth, i, line);
    }
    float[] zeros = ZEROS.atLeast(VectorPanelsF32.padded(columns));
    VectorGemmF32.multiply(a, 0, rows, depth, panels, zeros, columns, out, 0);
  }
}
