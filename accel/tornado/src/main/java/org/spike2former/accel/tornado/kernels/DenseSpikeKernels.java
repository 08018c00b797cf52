package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Convolution;
import org.spike2former.accel.operation.Finish;
import org.spike2former.tensor.layer.Window;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Dense convolution of spikes, see {@link Convolution}. A work-item computes {@code tile} channels
 * of four pixels, so that each weight is loaded once for the four. A tap outside the map counts as
 * 0, which changes no bit of a sum, because no sum is −0.
 */
final class DenseSpikeKernels {
  private DenseSpikeKernels() {}

  /** The launch of a layer that reads spikes, or a part of a buffer of them, with a finish. */
  static TaskPackage launch(String id, Convolution layer, Finish finish, Arrays arrays) {
    FloatArray bias = arrays.floats(layer.bias());
    Window g = layer.window();
    return new TaskPackage(
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
        layer.x().from(),
        g.outPixels(),
        g.h(),
        g.w(),
        g.cin(),
        g.cout(),
        g.kh(),
        g.kw(),
        g.stride(),
        g.pad(),
        Finishes.how(finish),
        arrays.lanes().channels(g.cout()));
  }

  /** Sums with a finish, of a map that begins at {@code from}. */
  static void finished(
      ByteArray x,
      FloatArray weights,
      FloatArray bias,
      FloatArray factor,
      FloatArray shift,
      FloatArray residual,
      FloatArray out,
      ByteArray spikes,
      int from,
      int pixels,
      int h,
      int w,
      int cin,
      int cout,
      int kh,
      int kw,
      int stride,
      int pad,
      int how,
      int tile) {
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
          int a0 = Taps.at(p, r, c, h, w, cin, stride, pad, oh, ow);
          int a1 = Taps.at(p1, r, c, h, w, cin, stride, pad, oh, ow);
          int a2 = Taps.at(p2, r, c, h, w, cin, stride, pad, oh, ow);
          int a3 = Taps.at(p3, r, c, h, w, cin, stride, pad, oh, ow);
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
