package org.spike2former.tensor.cpu.vector;

import java.util.Arrays;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.PackedF32;
import org.spike2former.tensor.cpu.kernels.ScratchF32;
import org.spike2former.tensor.layer.FoldedLayer;
import org.spike2former.tensor.layer.Window;

/**
 * Dense layers as matrix products, a block of output pixels at a time. The windows of a block's
 * pixels are gathered into a small scratch array, zeros outside the map and spikes made real on the
 * way; a pointwise layer on real numbers reads its input as it stands.
 */
final class VectorDenseF32 {
  private static final ScratchF32 BLOCK = new ScratchF32();

  private VectorDenseF32() {}

  static void dense(
      Tensor x, Window g, PackedF32 packed, float[] out, int outBase, int from, int to) {
    int depth = g.kh() * g.kw() * g.cin();
    int step = VectorGemmF32.blockRows(depth);
    boolean real = x.dtype() != DType.SPIKES;
    // The product makes one chain of a row, so a row of a must be a window in canonical order. A
    // block of rows stays in the second-level cache while all panels of weights walk it.
    for (int p = from; p < to; p += step) {
      int rows = Math.min(step, to - p);
      float[] a;
      int at = 0;
      if (g.isPointwise() && real) {
        a = x.floats();
        at = p * depth;
      } else {
        a = BLOCK.atLeast(rows * depth);
        if (g.isPointwise()) {
          VectorBytes.widen(x.bytes(), p * depth, a, 0, rows * depth);
        } else {
          for (int i = 0; i < rows; i++) {
            gather(x, g, p + i, a, i * depth);
          }
        }
      }
      VectorGemmF32.multiply(
          a,
          at,
          rows,
          depth,
          packed.panels(),
          packed.bias(),
          g.cout(),
          out,
          outBase + p * g.cout());
    }
  }

  /** The window of output pixel p in the order of accumulation. */
  private static void gather(Tensor x, Window g, int p, float[] a, int at) {
    int n = p / (g.oh() * g.ow());
    int top = p / g.ow() % g.oh() * g.stride() - g.pad();
    int left = p % g.ow() * g.stride() - g.pad();
    int length = g.kw() * g.cin();
    for (int r = 0; r < g.kh(); r++) {
      int y = top + r;
      if (y < 0 || y >= g.h()) {
        Arrays.fill(a, at + r * length, at + (r + 1) * length, 0f);
      } else {
        int row = ((n * g.h() + y) * g.w() + left) * g.cin();
        int first = Math.clamp(-left, 0, g.kw());
        int last = Math.clamp(g.w() - left, first, g.kw());
        gatherRow(x, g, row, first, last, a, at + r * length);
      }
    }
  }

  /** One row of a window, of which the columns first…last lie on the map. */
  private static void gatherRow(
      Tensor x, Window g, int row, int first, int last, float[] a, int at) {
    if (last - first < g.kw()) {
      Arrays.fill(a, at, at + g.kw() * g.cin(), 0f);
    }
    if (first == last) {
      return;
    }
    int cin = g.cin();
    // One block of channels: the canonical order is that of the map.
    if (cin <= FoldedLayer.CHANNEL_BLOCK) {
      copy(x, row + first * cin, a, at + first * cin, (last - first) * cin);
      return;
    }
    // [column, channel] on the map becomes [block of channels, column, channel of the block].
    for (int block = 0; block < cin; block += FoldedLayer.CHANNEL_BLOCK) {
      int width = Math.min(FoldedLayer.CHANNEL_BLOCK, cin - block);
      for (int c = first; c < last; c++) {
        copy(x, row + c * cin + block, a, at + block * g.kw() + c * width, width);
      }
    }
  }

  private static void copy(Tensor x, int from, float[] a, int at, int length) {
    if (x.dtype() == DType.SPIKES) {
      VectorBytes.widen(x.bytes(), from, a, at, length);
    } else {
      System.arraycopy(x.floats(), from, a, at, length);
    }
  }
}
