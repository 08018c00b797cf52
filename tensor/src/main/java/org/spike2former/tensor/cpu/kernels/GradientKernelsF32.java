package org.spike2former.tensor.cpu.kernels;

import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.Window;

/**
 * The inner loops of {@code CpuDerivativesF32}, each over a part of its output so that several
 * threads can share one operation. Every implementation gives the same bits; the orders of
 * accumulation are stated here. "From 0" is +0, so that a fused multiply-add of a zero that is left
 * out never shows. Arguments have been checked and are finite.
 */
public interface GradientKernelsF32 {
  /** Output pixels whose products are summed before they are added to a weight's gradient. */
  int PIXEL_BLOCK = 256;

  /** Rows whose terms are summed before they are added to a channel's sum. */
  int ROW_BLOCK = 256;

  /**
   * Weight gradient of a dense layer: {@code out[ci, tap, co] = Σ_p x[window(p, tap), ci]·dy[p,
   * co]} for the input channels from…to of out, [cin, taps, cout].
   *
   * <p>Order: output pixels p ascending over all maps, in blocks of {@value #PIXEL_BLOCK}; within a
   * block one fused multiply-add each from 0, then block sums are added one after the other, from
   * 0. Taps outside the map contribute nothing.
   *
   * @param x real, or spikes, which count as their k
   */
  void denseWeights(Tensor x, Window window, float[] dy, float[] out, int from, int to);

  /**
   * Weight gradient of a depthwise layer: {@code out[tap, c] = Σ_p x[window(p, tap), c]·dy[p, c]}
   * for the channels from…to of out, [taps, C]; from is a multiple of 16. Order and x as {@link
   * #denseWeights}.
   */
  void depthwiseWeights(Tensor x, Window window, float[] dy, float[] out, int from, int to);

  /**
   * Sums of columns, {@code out[block, c] = Σ_r x[r, c]}, over the rows r of each block of {@value
   * #ROW_BLOCK} (the last may be shorter), ascending from 0, for the blocks from…to. The caller
   * adds the blocks in order.
   */
  void sumRows(float[] x, int rows, int channels, float[] out, int from, int to);

  /**
   * As {@link #sumRows} of {@code (x[r, c] − mean[c])²}: one rounded difference and one fused
   * multiply-add each.
   */
  void sumSquares(float[] x, float[] mean, int rows, int channels, float[] out, int from, int to);

  /**
   * The sums of BatchNorm's backward, in blocks as {@link #sumRows}: {@code sumDy = Σ g} and {@code
   * sumDyX = Σ g·xhat} with {@code xhat = (x − mean)·inverse}, each rounded, and one fused
   * multiply-add each.
   *
   * <p>g is dy without a neuron after the norm. With one it is {@code dy·scale} where {@code 0 ≤
   * fma(x, factor, shift) ≤ bound} and 0 elsewhere, the straight-through estimate.
   */
  void normSums(
      float[] dy,
      float[] x,
      NormF32 norm,
      int rows,
      float[] sumDy,
      float[] sumDyX,
      int from,
      int to);

  /**
   * BatchNorm's backward for the rows from…to: {@code out = factor·fma(−xhat, meanDyX, g − meanDy)}
   * with g and xhat as in {@link #normSums}. out may be dy.
   *
   * @param meanDy [C], the whole sum of g over the rows, divided by them
   * @param meanDyX [C], the same of g·xhat
   */
  void normInput(
      float[] dy,
      float[] x,
      NormF32 norm,
      float[] meanDy,
      float[] meanDyX,
      float[] out,
      int from,
      int to);

  /**
   * Straight-through estimate of a neuron without memory: {@code out = dy·scale} where {@code 0 ≤ x
   * ≤ max}, else 0, for the elements from…to. out may be dy.
   */
  void spikes(float[] dy, float[] x, float scale, int max, float[] out, int from, int to);

  /**
   * Backward of {@code y = q·(kᵀ·v)·scale} for the (map, head) pairs from…to, with respect to the
   * numbers that the spikes q, k, v stand for. With q, k, v as their integers, {@code M[a, b] =
   * Σ_key k[key, a]·v[key, b]} exact and rounded once to real, and {@code G[a, b] = Σ_query
   * q[query, a]·dy[query, b]}, queries ascending, one fused multiply-add each from 0:
   *
   * <pre>
   *   dq[query, a] = (Σ_b dy[query, b]·M[a, b]) · (scale·k.scale·v.scale)
   *   dk[key, a]   = (Σ_b v[key, b]·G[a, b])    · (scale·q.scale·v.scale)
   *   dv[key, b]   = (Σ_a k[key, a]·G[a, b])    · (scale·q.scale·k.scale)
   * </pre>
   *
   * <p>Sums ascend from 0, one fused multiply-add each; factors are multiplied in double from left
   * to right and rounded once to real. Gradients have the shapes of q, k and v.
   */
  void attention(
      Tensor q,
      Tensor k,
      Tensor v,
      int heads,
      double scale,
      float[] dy,
      float[] dq,
      float[] dk,
      float[] dv,
      int from,
      int to);

  /**
   * Backward of {@code Ops.deformSample} for the groups from…to and all pixels. Locations, shares
   * and m as in the forward. dv is added to and holds zeros at first; dOffset and dMask are set.
   *
   * <p>For each pixel (ascending), point p and corner (top left, top right, bottom left, bottom
   * right) inside the map: {@code D[corner] = Σ_c dy[c]·v[corner, c]}, channels of the group
   * ascending, one fused multiply-add each from 0 (0 outside), and where {@code m ≠ 0}, {@code
   * dv[corner, c] = fma(m·(shareX·shareY), dy[c], dv[corner, c])}. With r the right and b the
   * bottom share:
   *
   * <pre>
   *   dMask    = ((1−r)·(1−b))·D[0] + (r·(1−b))·D[1] + ((1−r)·b)·D[2] + (r·b)·D[3]
   *   dOffsetX = m·((1−b)·(D[1]−D[0]) + b·(D[3]−D[2]))
   *   dOffsetY = m·((1−r)·(D[2]−D[0]) + r·(D[3]−D[1]))
   * </pre>
   *
   * <p>each operation rounded, sums from left to right. The mask's gradient is with respect to the
   * number m = k·scale.
   */
  void deformSample(
      Tensor v,
      Tensor offset,
      Tensor mask,
      int groups,
      float[] dy,
      float[] dv,
      float[] dOffset,
      float[] dMask,
      int from,
      int to);

  /**
   * Backward of a bilinear resize for the input rows (of n·h) from…to of out, [n, h, w, C]: {@code
   * out[y, x] = Σ (wy·wx)·dy[oy, ox]} over the output rows oy that read y, ascending, and of each
   * the columns ox that read x, ascending; one fused multiply-add each from 0.
   *
   * <p>wy is 1−weight where only {@code low[oy]} is y, weight where only {@code high[oy]} is, and
   * {@code (1−weight) + weight} where both are; wx likewise.
   */
  void resizeBilinear(float[] dy, ResizeF32 resize, float[] out, int from, int to);
}
