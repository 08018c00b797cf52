package org.spike2former.tensor.cpu.vector;

import java.util.concurrent.atomic.LongAdder;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.kernels.KernelsF32;
import org.spike2former.tensor.cpu.kernels.PackedF32;
import org.spike2former.tensor.cpu.kernels.ResizeF32;
import org.spike2former.tensor.cpu.kernels.ScalarKernelsF32;
import org.spike2former.tensor.cpu.kernels.ScratchF32;
import org.spike2former.tensor.cpu.kernels.ScratchF64;
import org.spike2former.tensor.cpu.kernels.ShortPanels;
import org.spike2former.tensor.layer.FoldedLayer;
import org.spike2former.tensor.layer.Window;

/**
 * Kernels by the Vector API, equal to {@link ScalarKernelsF32} bit for bit at every vector width.
 * Needs the module jdk.incubator.vector; {@link Backends} looks for it.
 */
public final class VectorKernelsF32 implements KernelsF32 {
  private static final ScratchF32 SUMS = new ScratchF32();
  private static final ScratchF64 EXACT_SUMS = new ScratchF64();

  private final LongAdder eventPixels = new LongAdder();
  private final LongAdder densePixels = new LongAdder();
  private final ScalarKernelsF32 scalar = new ScalarKernelsF32();

  @Override
  public String name() {
    return "vector " + VectorWidth.BITS;
  }

  @Override
  public String used() {
    long events = eventPixels.sumThenReset();
    long dense = densePixels.sumThenReset();
    if (events == 0) {
      return dense == 0 ? "" : "dense";
    }
    return dense == 0 ? "events" : "events " + Math.round(100.0 * events / (events + dense)) + " %";
  }

  @Override
  public PackedF32 pack(FoldedLayer folded) {
    if (folded.depthwise()) {
      return VectorDepthwiseF32.pack(folded);
    }
    int cout = folded.cout();
    ShortPanels shorts = VectorShortPanels.of(folded);
    return new PackedF32(
        false,
        folded.cin(),
        cout,
        folded.taps(),
        null,
        shorts == null ? VectorPanelsF32.of(folded) : null,
        shorts,
        PackedF32.bias(folded, VectorPanelsF32.padded(cout)));
  }

  @Override
  public void dense(
      Tensor x, Window g, PackedF32 packed, float[] out, int outBase, int from, int to) {
    int byEvents = 0;
    if (VectorEventsF32.fits(x, g)) {
      byEvents = VectorEventsF32.dense(x, g, packed, out, outBase, from, to);
    } else {
      VectorDenseF32.dense(x, g, packed, out, outBase, from, to);
    }
    eventPixels.add(byEvents);
    densePixels.add(to - from - byEvents);
  }

  @Override
  public void depthwise(
      Tensor x, Window g, PackedF32 packed, float[] out, int outBase, int from, int to) {
    VectorDepthwiseF32.depthwise(x, g, packed, out, outBase, from, to);
  }

  @Override
  public void spikes(float[] x, int at, byte[] out, int outAt, int length, int max) {
    VectorElementwiseF32.spikes(x, at, out, outAt, length, max);
  }

  @Override
  public void thresholds(
      float[] x, float[] thresholds, int channels, byte[] out, int outAt, int rows) {
    VectorElementwiseF32.thresholds(x, thresholds, channels, out, outAt, rows);
  }

  @Override
  public void batchNorm(float[] x, float[] factor, float[] shift, float[] out, int from, int to) {
    VectorElementwiseF32.batchNorm(x, factor, shift, out, from, to);
  }

  @Override
  public void add(float[] a, int at, float[] b, int bAt, float[] out, int length) {
    VectorElementwiseF32.add(a, at, b, bAt, out, length);
  }

  @Override
  public void addTable(float[] x, float[] table, float[] out, int from, int to) {
    VectorElementwiseF32.addTable(x, table, out, from, to);
  }

  @Override
  public void addScaled(float[] x, float[] gamma, float[] y, float[] out, int from, int to) {
    VectorElementwiseF32.addScaled(x, gamma, y, out, from, to);
  }

  @Override
  public void attention(
      Tensor q, Tensor k, Tensor v, int heads, float scale, float[] out, int from, int to) {
    int width = v.dim(2) / heads;
    int queries = q.dim(1);
    VectorAttentionF32 attention = new VectorAttentionF32(q, k, v, heads);
    float[] sums = SUMS.atLeast(queries * width);
    for (int pair = from; pair < to; pair++) {
      if (!attention.sums(pair / heads, pair % heads, sums)
          && !exactSums(q, k, v, heads, pair, sums)) {
        scalar.attention(q, k, v, heads, scale, out, pair, pair + 1);
        continue;
      }
      for (int i = 0; i < queries; i++) {
        int at = ((pair / heads * queries + i) * heads + pair % heads) * width;
        for (int c = 0; c < width; c++) {
          out[at + c] = sums[i * width + c] * scale;
        }
      }
    }
  }

  /** Sums worked out in float64 and rounded once; false if even that might not be exact. */
  private static boolean exactSums(
      Tensor q, Tensor k, Tensor v, int heads, int pair, float[] sums) {
    int length = q.dim(1) * (v.dim(2) / heads);
    double[] exact = EXACT_SUMS.atLeast(length);
    boolean done = new VectorAttentionF64(q, k, v, heads).sums(pair / heads, pair % heads, exact);
    for (int i = 0; done && i < length; i++) {
      sums[i] = (float) exact[i];
    }
    return done;
  }

  @Override
  public void deformSample(
      Tensor v, Tensor offset, Tensor mask, int groups, float[] out, int from, int to) {
    VectorSampleF32.deformSample(v, offset, mask, groups, out, from, to);
  }

  @Override
  public void resizeBilinear(
      float[] x, ResizeF32 resize, float[] out, int outBase, int from, int to) {
    VectorSampleF32.resizeBilinear(x, resize, out, outBase, from, to);
  }

  @Override
  public void sigmoid(float[] x, float[] out, int from, int to) {
    VectorElementwiseF32.sigmoid(x, out, from, to);
  }

  @Override
  public void argmax(float[] x, int at, int classes, byte[] out, int outAt, int pixels) {
    VectorElementwiseF32.argmax(x, at, classes, out, outAt, pixels);
  }
}
