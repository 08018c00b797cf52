package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Finish;
import org.spike2former.accel.operation.Int8Convolution;
import org.spike2former.accel.operation.Lanes;
import org.spike2former.tensor.layer.Window;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Dense convolution with 8-bit weights, see {@link Int8Convolution}. A work-item computes {@code
 * tile} channels of four pixels, so that each weight is loaded once for the four. Trip counts are
 * constants once the sizes are; a tap outside the map counts as 0.
 */
final class Int8DenseKernels {
  private Int8DenseKernels() {}

  /** The launch of a layer. */
  static TaskPackage launch(String id, Int8Convolution layer, Arrays arrays) {
    ByteArray x = arrays.bytes(layer.x());
    ByteArray weights = arrays.bytes(layer.weights());
    Window g = layer.window();
    int tile = Lanes.VECTORS.channels(g.cout());
    return switch (layer.result()) {
      case Int8Convolution.Spikes spikes ->
          new TaskPackage(
              id,
              Int8DenseKernels::spikes,
              x,
              weights,
              arrays.ints(spikes.thresholds()),
              arrays.bytes(layer.output()),
              g.outPixels(),
              g.h(),
              g.w(),
              g.cin(),
              g.cout(),
              g.kh(),
              g.kw(),
              g.stride(),
              g.pad(),
              g.oh(),
              g.ow(),
              spikes.maxSpikes(),
              tile);
      case Int8Convolution.Potentials(Buffer scale, Buffer bias, Buffer residual)
          when residual != null ->
          new TaskPackage(
              id,
              Int8DenseKernels::residual,
              x,
              weights,
              arrays.floats(scale),
              arrays.floats(bias),
              arrays.floats(residual),
              arrays.floats(layer.output()),
              g.outPixels(),
              g.h(),
              g.w(),
              g.cin(),
              g.cout(),
              g.kh(),
              g.kw(),
              g.stride(),
              g.pad(),
              g.oh(),
              g.ow(),
              tile);
      case Int8Convolution.Potentials(Buffer scale, Buffer bias, _) ->
          new TaskPackage(
              id,
              Int8DenseKernels::floats,
              x,
              weights,
              arrays.floats(scale),
              arrays.floats(bias),
              arrays.floats(layer.output()),
              g.outPixels(),
              g.h(),
              g.w(),
              g.cin(),
              g.cout(),
              g.kh(),
              g.kw(),
              g.stride(),
              g.pad(),
              g.oh(),
              g.ow(),
              tile);
    };
  }

  /** The launch of a layer with a finish. */
  static TaskPackage launch(
      String id,
      Int8Convolution layer,
      Int8Convolution.Potentials sums,
      Finish finish,
      Arrays arrays) {
    FloatArray bias = arrays.floats(sums.bias());
    Window g = layer.window();
    return new TaskPackage(
        id,
        Int8DenseKernels::finished,
        arrays.bytes(layer.x()),
        arrays.bytes(layer.weights()),
        arrays.floats(sums.scale()),
        bias,
        finish.factor() == null ? bias : arrays.floats(finish.factor()),
        finish.shift() == null ? bias : arrays.floats(finish.shift()),
        finish.residual() == null ? bias : arrays.floats(finish.residual()),
        arrays.floats(finish.floatsOrNone()),
        arrays.bytes(finish.spikesOrNone()),
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
        Lanes.VECTORS.channels(g.cout()));
  }

  /** Potentials. */
  static void floats(
      ByteArray x,
      ByteArray weights,
      FloatArray scale,
      FloatArray bias,
      FloatArray out,
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
    for (@Parallel int four = 0; four < (pixels + 3) / 4; four++) {
      for (@Parallel int group = 0; group < cout / tile; group++) {
        int[] s0 = new int[Tiles.CHANNELS];
        int[] s1 = new int[Tiles.CHANNELS];
        int[] s2 = new int[Tiles.CHANNELS];
        int[] s3 = new int[Tiles.CHANNELS];
        int p = 4 * four;
        int co = group * tile;
        sum(
            x, weights, s0, s1, s2, s3, p, co, pixels, h, w, cin, cout, kh, kw, stride, pad, oh, ow,
            tile);
        Int8Tiles.store(scale, bias, out, s0, p, co, pixels, cout, tile);
        Int8Tiles.store(scale, bias, out, s1, p + 1, co, pixels, cout, tile);
        Int8Tiles.store(scale, bias, out, s2, p + 2, co, pixels, cout, tile);
        Int8Tiles.store(scale, bias, out, s3, p + 3, co, pixels, cout, tile);
      }
    }
  }

  /** Potentials added to a residual. */
  static void residual(
      ByteArray x,
      ByteArray weights,
      FloatArray scale,
      FloatArray bias,
      FloatArray residual,
      FloatArray out,
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
    for (@Parallel int four = 0; four < (pixels + 3) / 4; four++) {
      for (@Parallel int group = 0; group < cout / tile; group++) {
        int[] s0 = new int[Tiles.CHANNELS];
        int[] s1 = new int[Tiles.CHANNELS];
        int[] s2 = new int[Tiles.CHANNELS];
        int[] s3 = new int[Tiles.CHANNELS];
        int p = 4 * four;
        int co = group * tile;
        sum(
            x, weights, s0, s1, s2, s3, p, co, pixels, h, w, cin, cout, kh, kw, stride, pad, oh, ow,
            tile);
        Int8Tiles.storeSum(scale, bias, residual, out, s0, p, co, pixels, cout, tile);
        Int8Tiles.storeSum(scale, bias, residual, out, s1, p + 1, co, pixels, cout, tile);
        Int8Tiles.storeSum(scale, bias, residual, out, s2, p + 2, co, pixels, cout, tile);
        Int8Tiles.storeSum(scale, bias, residual, out, s3, p + 3, co, pixels, cout, tile);
      }
    }
  }

  /** Spikes of a neuron right after it. */
  static void spikes(
      ByteArray x,
      ByteArray weights,
      IntArray thresholds,
      ByteArray out,
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
      int maxSpikes,
      int tile) {
    for (@Parallel int four = 0; four < (pixels + 3) / 4; four++) {
      for (@Parallel int group = 0; group < cout / tile; group++) {
        int[] s0 = new int[Tiles.CHANNELS];
        int[] s1 = new int[Tiles.CHANNELS];
        int[] s2 = new int[Tiles.CHANNELS];
        int[] s3 = new int[Tiles.CHANNELS];
        int p = 4 * four;
        int co = group * tile;
        sum(
            x, weights, s0, s1, s2, s3, p, co, pixels, h, w, cin, cout, kh, kw, stride, pad, oh, ow,
            tile);
        Int8Tiles.storeSpikes(
            thresholds, out, s0, s1, s2, s3, p, co, pixels, cout, maxSpikes, tile);
      }
    }
  }

  /** Potentials with a finish. */
  static void finished(
      ByteArray x,
      ByteArray weights,
      FloatArray scale,
      FloatArray bias,
      FloatArray factor,
      FloatArray shift,
      FloatArray residual,
      FloatArray out,
      ByteArray spikes,
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
    for (@Parallel int four = 0; four < (pixels + 3) / 4; four++) {
      for (@Parallel int group = 0; group < cout / tile; group++) {
        int[] s0 = new int[Tiles.CHANNELS];
        int[] s1 = new int[Tiles.CHANNELS];
        int[] s2 = new int[Tiles.CHANNELS];
        int[] s3 = new int[Tiles.CHANNELS];
        int p = 4 * four;
        int co = group * tile;
        int oh = (h + 2 * pad - kh) / stride + 1;
        int ow = (w + 2 * pad - kw) / stride + 1;
        sum(
            x, weights, s0, s1, s2, s3, p, co, pixels, h, w, cin, cout, kh, kw, stride, pad, oh, ow,
            tile);
        Finishes.store(
            scale, bias, factor, shift, residual, out, spikes, s0, p, co, pixels, cout, how, tile);
        Finishes.store(
            scale, bias, factor, shift, residual, out, spikes, s1, p + 1, co, pixels, cout, how,
            tile);
        Finishes.store(
            scale, bias, factor, shift, residual, out, spikes, s2, p + 2, co, pixels, cout, how,
            tile);
        Finishes.store(
            scale, bias, factor, shift, residual, out, spikes, s3, p + 3, co, pixels, cout, how,
            tile);
      }
    }
  }

  /** Sums of the pixels p…p+3, the last one again where there are fewer. */
  private static void sum(
      ByteArray x,
      ByteArray weights,
      int[] s0,
      int[] s1,
      int[] s2,
      int[] s3,
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
    Int8Tiles.clear(s0, s1, s2, s3, tile);
    for (int r = 0; r < kh; r++) {
      for (int c = 0; c < kw; c++) {
        int a0 = Taps.at(p, r, c, h, w, cin, stride, pad, oh, ow);
        int a1 = Taps.at(p1, r, c, h, w, cin, stride, pad, oh, ow);
        int a2 = Taps.at(p2, r, c, h, w, cin, stride, pad, oh, ow);
        int a3 = Taps.at(p3, r, c, h, w, cin, stride, pad, oh, ow);
        int in0 = Int8Tiles.inside(a0);
        int in1 = Int8Tiles.inside(a1);
        int in2 = Int8Tiles.inside(a2);
        int in3 = Int8Tiles.inside(a3);
        int row = (r * kw + c) * cin;
        for (int ci = 0; ci < cin; ci++) {
          int v0 = in0 * x.get(Math.max(a0, 0) + ci);
          int v1 = in1 * x.get(Math.max(a1, 0) + ci);
          int v2 = in2 * x.get(Math.max(a2, 0) + ci);
          int v3 = in3 * x.get(Math.max(a3, 0) + ci);
          int at = (row + ci) * cout + co;
          for (int j = 0; j < tile; j++) {
            int weight = weights.get(at + j);
            s0[j] = Int8Tiles.add(s0[j], v0 * weight);
            s1[j] = Int8Tiles.add(s1[j], v1 * weight);
            s2[j] = Int8Tiles.add(s2[j], v2 * weight);
            s3[j] = Int8Tiles.add(s3[j], v3 * weight);
          }
        }
      }
    }
  }
}
