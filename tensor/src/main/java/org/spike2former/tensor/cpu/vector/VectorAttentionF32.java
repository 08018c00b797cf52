package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.NativeScratch;
import org.spike2former.tensor.cpu.kernels.ScratchF32;

/**
 * Attention on spikes, {@code q·kᵀ·v}, in a real type that holds all its integers exactly. Exact
 * sums have no order, so the association that takes fewer products is used, and keys are summed a
 * chunk at a time.
 */
final class VectorAttentionF32 {
  /** Integers below this are exact. */
  private static final double EXACT = 2.0 / Math.ulp(1f);

  /** Keys whose numbers stay in the cache. */
  private static final int CHUNK = 1024;

  private static final NativeScratch PANELS = new NativeScratch();
  private static final ScratchF32 ROWS = new ScratchF32();
  private static final ScratchF32 PRODUCT = new ScratchF32();
  private static final ScratchF32 PART = new ScratchF32();
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
  private final int greatestQuery;
  private final double greatestPair;

  VectorAttentionF32(Tensor q, Tensor k, Tensor v, int heads) {
    this.q = q;
    this.k = k;
    this.v = v;
    this.heads = heads;
    queries = q.dim(1);
    keys = k.dim(1);
    width = q.dim(2) / heads;
    valueWidth = v.dim(2) / heads;
    greatestQuery = VectorBytes.max(q.bytes());
    greatestPair = (double) VectorBytes.max(k.bytes()) * VectorBytes.max(v.bytes());
  }

  /**
   * The sums of one map and head: {@code out[i·valueWidth + c]} for query i.
   *
   * @return false if a sum might not be exact; then there is no result
   */
  boolean sums(int n, int head, float[] out) {
    long keysFirst = (long) width * valueWidth * (keys + queries);
    long queriesFirst = (long) queries * keys * (width + valueWidth);
    return keysFirst <= queriesFirst ? keysFirst(n, head, out) : queriesFirst(n, head, out);
  }

  /** {@code q·(kᵀ·v)}. */
  private boolean keysFirst(int n, int head, float[] out) {
    if (greatestPair * keys >= EXACT) {
      return false;
    }
    float[] product = PRODUCT.exactly(width * valueWidth);
    float[] part = PART.exactly(product.length);
    Arrays.fill(product, 0f);
    // kᵀ [width, chunk] · v [chunk, valueWidth], summed over the chunks of keys. Sums of integers
    // that are exact have no order, so chunks are free to be added as they come.
    for (int from = 0; from < keys; from += CHUNK) {
      int to = Math.min(keys, from + CHUNK);
      float[] channels = channels(k, n, head, from, to);
      multiply(channels, width, to - from, tokens(v, n, head, from, to), valueWidth, part);
      for (int i = 0; i < part.length; i++) {
        product[i] += part[i];
      }
    }
    double greatest = 0;
    for (float x : product) {
      greatest = Math.max(greatest, x);
    }
    if (greatest * greatestQuery * width >= EXACT) {
      return false;
    }
    MemorySegment panels = matrix(product, width, valueWidth);
    multiply(rows(q, n, head), queries, width, panels, valueWidth, out);
    return true;
  }

  /** {@code (q·kᵀ)·v}. */
  private boolean queriesFirst(int n, int head, float[] out) {
    if (greatestPair * greatestQuery * width * keys >= EXACT) {
      return false;
    }
    float[] product = PRODUCT.atLeast(queries * keys);
    MemorySegment keysByChannel = matrix(channels(k, n, head, 0, keys), width, keys);
    multiply(rows(q, n, head), queries, width, keysByChannel, keys, product);
    multiply(product, queries, keys, tokens(v, n, head, 0, keys), valueWidth, out);
    return true;
  }

  /** A head's channels, a token after the other. */
  private float[] rows(Tensor x, int n, int head) {
    int tokens = x.dim(1);
    int headWidth = x.dim(2) / heads;
    float[] out = ROWS.atLeast(tokens * headWidth);
    for (int i = 0; i < tokens; i++) {
      int at = ((n * tokens + i) * heads + head) * headWidth;
      VectorBytes.widen(x.bytes(), at, out, i * headWidth, headWidth);
    }
    return out;
  }

  /** A head's tokens from…to, a channel after the other. */
  private float[] channels(Tensor x, int n, int head, int from, int to) {
    byte[] in = x.bytes();
    int headWidth = x.dim(2) / heads;
    int step = x.dim(2);
    int count = to - from;
    int first = (n * x.dim(1) + from) * step + head * headWidth;
    float[] out = ROWS.atLeast(headWidth * count);
    // A transpose: reads are a token apart, writes in order. Heads are narrow, and here, not in the
    // products, goes most of the time; the bytes of a chunk stay in the cache for all channels.
    for (int c = 0; c < headWidth; c++) {
      for (int i = 0; i < count; i++) {
        out[c * count + i] = in[first + i * step + c];
      }
    }
    return out;
  }

  /** The matrix [tokens from…to, channels] of a head. */
  private MemorySegment tokens(Tensor x, int n, int head, int from, int to) {
    int headWidth = x.dim(2) / heads;
    MemorySegment panels = PANELS.atLeast(VectorPanelsF32.bytes(to - from, headWidth));
    float[] line = LINE.exactly(VectorPanelsF32.padded(headWidth));
    for (int i = from; i < to; i++) {
      int at = ((n * x.dim(1) + i) * heads + head) * headWidth;
      VectorBytes.widen(x.bytes(), at, line, 0, headWidth);
      VectorPanelsF32.setRow(panels, to - from, i - from, line);
    }
    return panels;
  }

  private static MemorySegment matrix(float[] in, int rows, int columns) {
    MemorySegment panels = PANELS.atLeast(VectorPanelsF32.bytes(rows, columns));
    float[] line = LINE.exactly(VectorPanelsF32.padded(columns));
    for (int r = 0; r < rows; r++) {
      System.arraycopy(in, r * columns, line, 0, columns);
      VectorPanelsF32.setRow(panels, rows, r, line);
    }
    return panels;
  }

  private static void multiply(
      float[] a, int rows, int depth, MemorySegment panels, int columns, float[] out) {
    float[] zeros = ZEROS.atLeast(VectorPanelsF32.padded(columns));
    VectorGemmF32.multiply(a, 0, rows, depth, panels, zeros, columns, out, 0);
  }
}
