package org.spike2former.tensor.cpu.kernels;

import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.CpuOpsF32;
import org.spike2former.tensor.layer.FoldedLayer;
import org.spike2former.tensor.layer.Window;

/**
 * The inner loops of {@link CpuOpsF32}, each over a part of its output so that several threads can
 * share one operation. Every implementation gives the same bits: the orders are those that {@link
 * org.spike2former.tensor.Ops} documents. Arguments have been checked.
 */
public interface KernelsF32 {
  /** A short name with the vector width, for logs. */
  String name();

  /** See {@code Ops.kernelsUsed}. */
  String used();

  /** Rounds and lays out a layer for {@link #dense} or {@link #depthwise}. */
  PackedF32 pack(FoldedLayer folded);

  /**
   * Dense convolution for the output pixels from…to, whole rows unless the layer is pointwise;
   * pixel p goes to {@code out[outBase + p·cout]}.
   */
  void dense(Tensor x, Window window, PackedF32 packed, float[] out, int outBase, int from, int to);

  /** Depthwise convolution for the output rows (of n·oh) from…to, placed as by {@link #dense}. */
  void depthwise(
      Tensor x, Window window, PackedF32 packed, float[] out, int outBase, int from, int to);

  /** {@code out[outAt + i] = rint(clamp(x[at + i], 0, max))} for {@code length} elements. */
  void spikes(float[] x, int at, byte[] out, int outAt, int length, int max);

  /**
   * {@code out[outAt + r·channels + c]} = how many of the channel's thresholds {@code x[r, c]}
   * reaches, for the first {@code rows} rows.
   *
   * @param thresholds [D, channels], ascending in each channel
   */
  void thresholds(float[] x, float[] thresholds, int channels, byte[] out, int outAt, int rows);

  /** {@code out[r, c] = fma(x[r, c], factor[c], shift[c])} for the rows from…to. */
  void batchNorm(float[] x, float[] factor, float[] shift, float[] out, int from, int to);

  /** {@code out[at + i] = a[at + i] + b[bAt + i]} for i in 0…length; out may be a or b. */
  void add(float[] a, int at, float[] b, int bAt, float[] out, int length);

  /** {@code out[r, i] = x[r, i] + table[i]} for the rows from…to, a row being one table. */
  void addTable(float[] x, float[] table, float[] out, int from, int to);

  /** {@code out[r, c] = fma(gamma[c], y[r, c], x[r, c])} for the rows from…to. */
  void addScaled(float[] x, float[] gamma, float[] y, float[] out, int from, int to);

  /** Attention for the (map, head) pairs from…to, see {@code Ops.attention}; q, k, v are spikes. */
  void attention(
      Tensor q, Tensor k, Tensor v, int heads, float scale, float[] out, int from, int to);

  /** Deformable sampling for the output pixels from…to, see {@code Ops.deformSample}. */
  void deformSample(
      Tensor v, Tensor offset, Tensor mask, int groups, float[] out, int from, int to);

  /**
   * Bilinear resize of the output rows (of n·oh) from…to; row r goes to {@code out[outBase +
   * r·ow·c]}.
   */
  void resizeBilinear(float[] x, ResizeF32 resize, float[] out, int outBase, int from, int to);

  /** {@code out[i] = 1/(1 + exp(−x[i]))} for the elements from…to. */
  void sigmoid(float[] x, float[] out, int from, int to);

  /**
   * {@code out[outAt + p]} = the index of the greatest of {@code x[at + p·classes …]}, the first of
   * equals, for {@code pixels} pixels.
   */
  void argmax(float[] x, int at, int classes, byte[] out, int outAt, int pixels);
}
