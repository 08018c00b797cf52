package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Int8Convolution;
import org.spike2former.accel.operation.Lanes;
import org.spike2former.tensor.layer.Window;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Depthwise convolution with 8-bit weights, see {@link Int8Convolution}. A work-item computes
 * {@code tile} channels of a pixel; a tap outside the map counts as 0.
 */
final class Int8DepthwiseKernels {
  private Int8DepthwiseKernels() {}

  /** The launch of a layer. */
  static TaskPackage launch(String id, Int8Convolution layer, Arrays arrays) {
    ByteArray x = arrays.bytes(layer.x());
    ByteArray weights = arrays.bytes(layer.weights());
    Window g = layer.window();
    int tile = Lanes.VECTORS.channelsOfOnePixel(g.cout());
    return switch (layer.result()) {
      case Int8Convolution.Spikes spikes ->
          new TaskPackage(
              id,
              Int8DepthwiseKernels::spikes,
              x,
              weights,
              arrays.ints(spikes.thresholds()),
              arrays.bytes(layer.output()),
              g.n(),
              g.h(),
              g.w(),
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
              Int8DepthwiseKernels::residual,
              x,
              weights,
              arrays.floats(scale),
              arrays.floats(bias),
              arrays.floats(residual),
              arrays.floats(layer.output()),
              g.n(),
              g.h(),
              g.w(),
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
              Int8DepthwiseKernels::floats,
              x,
              weights,
              arrays.floats(scale),
              arrays.floats(bias),
              arrays.floats(layer.output()),
              g.n(),
              g.h(),
              g.w(),
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

  /** Potentials. */
  static void floats(
      ByteArray x,
      ByteArray weights,
      FloatArray scale,
      FloatArray bias,
      FloatArray out,
      int n,
      int h,
      int w,
      int channels,
      int kh,
      int kw,
      int stride,
      int pad,
      int oh,
      int ow,
      int tile) {
    for (@Parallel int p = 0; p < n * oh * ow; p++) {
      for (@Parallel int group = 0; group < channels / tile; group++) {
        int[] sums = new int[Tiles.MANY_CHANNELS];
        int co = group * tile;
        sum(x, weights, sums, p, co, h, w, channels, kh, kw, stride, pad, oh, ow, tile);
        Int8Tiles.store(scale, bias, out, sums, p, co, n * oh * ow, channels, tile);
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
      int n,
      int h,
      int w,
      int channels,
      int kh,
      int kw,
      int stride,
      int pad,
      int oh,
      int ow,
      int tile) {
    for (@Parallel int p = 0; p < n * oh * ow; p++) {
      for (@Parallel int group = 0; group < channels / tile; group++) {
        int[] sums = new int[Tiles.MANY_CHANNELS];
        int co = group * tile;
        sum(x, weights, sums, p, co, h, w, channels, kh, kw, stride, pad, oh, ow, tile);
        Int8Tiles.storeSum(scale, bias, residual, out, sums, p, co, n * oh * ow, channels, tile);
      }
    }
  }

  /** Spikes of a neuron right after it. */
  static void spikes(
      ByteArray x,
      ByteArray weights,
      IntArray thresholds,
      ByteArray out,
      int n,
      int h,
      int w,
      int channels,
      int kh,
      int kw,
      int stride,
      int pad,
      int oh,
      int ow,
      int maxSpikes,
      int tile) {
    for (@Parallel int p = 0; p < n * oh * ow; p++) {
      for (@Parallel int group = 0; group < channels / tile; group++) {
        int[] sums = new int[Tiles.MANY_CHANNELS];
        int co = group * tile;
        sum(x, weights, sums, p, co, h, w, channels, kh, kw, stride, pad, oh, ow, tile);
        Int8Tiles.storeSpikes(thresholds, out, sums, p, co, n * oh * ow, channels, maxSpikes, tile);
      }
    }
  }

  private static void sum(
      ByteArray x,
      ByteArray weights,
      int[] sums,
      int p,
      int channel,
      int h,
      int w,
      int channels,
      int kh,
      int kw,
      int stride,
      int pad,
      int oh,
      int ow,
      int tile) {
    for (int j = 0; j < tile; j++) {
      sums[j] = 0;
    }
    for (int r = 0; r < kh; r++) {
      for (int c = 0; c < kw; c++) {
        int tap = Taps.at(p, r, c, h, w, channels, stride, pad, oh, ow);
        int inside = Int8Tiles.inside(tap);
        int at = Math.max(tap, 0) + channel;
        int row = (r * kw + c) * channels + channel;
        for (int j = 0; j < tile; j++) {
          sums[j] += inside * x.get(at + j) * weights.get(row + j);
        }
      }
    }
  }
}
