package org.spike2former.accel.tornado.kernels;

import java.util.List;
import org.spike2former.accel.operation.Convolution;
import org.spike2former.accel.operation.Finish;
import org.spike2former.accel.operation.Lanes;
import org.spike2former.tensor.layer.Window;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Dense convolution of spikes, see {@link Convolution}. A work-item computes {@code tile} channels
 * of four pixels, so that each weight is loaded once for the four. A tap outside the map counts as
 * 0, which changes no bit of a sum, because no sum is −0.
 */
final class DenseSpikeKernels {
  private DenseSpikeKernels() {}

  /** The launch of a layer that reads spikes, or a part of a buffer of them, with a finish. */
  static Launch launch(String id, Convolution layer, Finish finish, Arrays arrays) {
    FloatArray bias = arrays.floats(layer.bias());
    Window g = layer.window();
    int tile = arrays.lanes().channels(g.cout());
    IntArray sizes =
        arrays.sizes(
            layer.x().from(), g.outPixels(), g.h(), g.w(), g.cin(), g.cout(), g.stride(), g.pad());
    TaskPackage task =
        new TaskPackage(
            id,
            DenseSpikeKernels::finished,
            arrays.bytes(layer.x()),
            arrays.floats(layer.weights()),
            bias,
            finish.factor() == null ? bias : arrays.floats(finish.factor()),
            finish.shift() == null ? bias : arrays.floats(finish.shift()),
            finish.residual() == null ? bias : arrays.floats(finish.residual()),
            arrays.floats(finish.floatsOrNone()),
            arrays.bytes(finish.spikesOrNone()),
            sizes,
            g.kh(),
            g.kw(),
            Finishes.how(finish),
            tile);
    WorkerGrid grid = new WorkerGrid2D(g.cout() / tile, (g.outPixels() + 3) / 4);
    if (arrays.lanes() == Lanes.VECTORS) {
      // A work-item is much work, and one for each work-group has one kernel for all sizes.
      grid.setLocalWork(1, 1, 1);
    }
    return new Launch(task, grid, List.of(sizes));
  }

  /**
   * Sums with a finish.
   *
   * @param sizes where the map begins, output pixels, height, width, input and output channels,
   *     stride and padding
   */
  static void finished(
      ByteArray x,
      FloatArray weights,
      FloatArray bias,
      FloatArray factor,
      FloatArray shift,
      FloatArray residual,
      FloatArray out,
      ByteArray spikes,
      IntArray sizes,
      int kh,
      int kw,
      int how,
      int tile) {
    int from = sizes.get(0);
    int pixels = sizes.get(1);
    int h = sizes.get(2);
    int w = sizes.get(3);
    int cin = sizes.get(4);
    int cout = sizes.get(5);
    int stride = sizes.get(6);
    int pad = sizes.get(7);
    for (@Parallel int group = 0; group < cout / tile; group++) {
      for (@Parallel int four = 0; four < (pixels + 3) / 4; four++) {
        float[] s0 = new float[Tiles.CHANNELS];
        float[] s1 = new float[Tiles.CHANNELS];
        float[] s2 = new float[Tiles.CHANNELS];
        float[] s3 = new float[Tiles.CHANNELS];
        int p = 4 * four;
        int co = group * tile;
        int oh = (h + 2 * pad - kh) / stride + 1;
        int ow = (w + 2 * pad - kw) / stride + 1;
        sum(
            x, weights, bias, s0, s1, s2, s3, from, p, co, pixels, h, w, cin, cout, kh, kw, stride,
            pad, oh, ow, tile);
        Finishes.store(factor, shift, residual, out, spikes, s0, p, co, pixels, cout, how, tile);
        Finishes.store(
            factor, shift, residual, out, spikes, s1, p + 1, co, pixels, cout, how, tile);
        Finishes.store(
            factor, shift, residual, out, spikes, s2, p + 2, co, pixels, cout, how, tile);
        Finishes.store(
            factor, shift, residual, out, spikes, s3, p + 3, co, pixels, cout, how, tile);
      }
    }
  }

  /** Sums of the pixels p…p+3, the last one again where there are fewer. */
  private static void sum(
      ByteArray x,
      FloatArray weights,
      FloatArray bias,
      float[] s0,
      float[] s1,
      float[] s2,
      float[] s3,
      int from,
      int p,
      int co,
      int pixels,
      int h,
      int w,
      int cin,
      int cout,
      int kh,
      int kw,
      int stride,
      int pad,
      int oh,
      int ow,
      int tile) {
    int p1 = Math.min(p + 1, pixels - 1);
    int p2 = Math.min(p + 2, pixels - 1);
    int p3 = Math.min(p + 3, pixels - 1);
    // Divisions by sizes that are no constants stay where they are written.
    int map0 = p / (oh * ow) * h;
    int map1 = p1 / (oh * ow) * h;
    int map2 = p2 / (oh * ow) * h;
    int map3 = p3 / (oh * ow) * h;
    int y0 = p / ow % oh * stride - pad;
    int y1 = p1 / ow % oh * stride - pad;
    int y2 = p2 / ow % oh * stride - pad;
    int y3 = p3 / ow % oh * stride - pad;
    int x0 = p % ow * stride - pad;
    int x1 = p1 % ow * stride - pad;
    int x2 = p2 % ow * stride - pad;
    int x3 = p3 % ow * stride - pad;
    for (int j = 0; j < tile; j++) {
      float b = bias.get(co + j);
      s0[j] = b;
      s1[j] = b;
      s2[j] = b;
      s3[j] = b;
    }
    for (int r = 0; r < kh; r++) {
      for (int block = 0; block < cin; block += Convolution.CHANNEL_BLOCK) {
        int end = Math.min(block + Convolution.CHANNEL_BLOCK, cin);
        for (int c = 0; c < kw; c++) {
          int a0 = Taps.at(map0, y0 + r, x0 + c, h, w, cin);
          int a1 = Taps.at(map1, y1 + r, x1 + c, h, w, cin);
          int a2 = Taps.at(map2, y2 + r, x2 + c, h, w, cin);
          int a3 = Taps.at(map3, y3 + r, x3 + c, h, w, cin);
          // Negative only if all are.
          if ((a0 & a1 & a2 & a3) >= 0) {
            float in0 = Taps.inside(a0);
            float in1 = Taps.inside(a1);
            float in2 = Taps.inside(a2);
            float in3 = Taps.inside(a3);
            int row = (r * kw + c) * cin;
            for (int ci = block; ci < end; ci++) {
              float v0 = in0 * x.get(from + Math.max(a0, 0) + ci);
              float v1 = in1 * x.get(from + Math.max(a1, 0) + ci);
              float v2 = in2 * x.get(from + Math.max(a2, 0) + ci);
              float v3 = in3 * x.get(from + Math.max(a3, 0) + ci);
              int at = (row + ci) * cout + co;
              for (int j = 0; j < tile; j++) {
                float weight = weights.get(at + j);
                s0[j] = Fused.multiplyAdd(v0, weight, s0[j]);
                s1[j] = Fused.multiplyAdd(v1, weight, s1[j]);
                s2[j] = Fused.multiplyAdd(v2, weight, s2[j]);
                s3[j] = Fused.multiplyAdd(v3, weight, s3[j]);
              }
            }
          }
        }
      }
    }
  }
}
