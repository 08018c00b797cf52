package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Convolution;
import org.spike2former.tensor.layer.Window;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Depthwise convolution of spikes, see {@link Convolution}. A work-item computes {@code tile}
 * channels of a pixel.
 */
final class DepthwiseSpikeKernels {
  private DepthwiseSpikeKernels() {}

  /** The launch of a layer that reads spikes. */
  static TaskPackage launch(String id, Convolution layer, Arrays arrays) {
    FloatArray weights = arrays.floats(layer.weights());
    FloatArray bias = arrays.floats(layer.bias());
    Window g = layer.window();
    int pixels = g.outPixels();
    int tile = arrays.lanes().channelsOfOnePixel(g.cout());
    if (layer.maxSpikes() > 0) {
      return new TaskPackage(
          id,
          DepthwiseSpikeKernels::spikes,
          arrays.bytes(layer.x()),
          weights,
          bias,
          arrays.bytes(layer.output()),
          pixels,
          g.h(),
          g.w(),
          g.cout(),
          g.kh(),
          g.kw(),
          g.stride(),
          g.pad(),
          g.oh(),
          g.ow(),
          layer.maxSpikes(),
          tile);
    }
    FloatArray out = arrays.floats(layer.output());
    if (layer.residual() != null) {
      return new TaskPackage(
          id,
          DepthwiseSpikeKernels::residual,
          arrays.bytes(layer.x()),
          weights,
          bias,
          arrays.floats(layer.residual()),
          out,
          pixels,
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
    }
    return new TaskPackage(
        id,
        DepthwiseSpikeKernels::floats,
        arrays.bytes(layer.x()),
        weights,
        bias,
        out,
        pixels,
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
  }

  /** Sums alone. */
  static void floats(
      ByteArray x,
      FloatArray weights,
      FloatArray bias,
      FloatArray out,
      int pixels,
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
    for (@Parallel int group = 0; group < channels / tile; group++) {
      for (@Parallel int p = 0; p < pixels; p++) {
        float[] sums = new float[Tiles.MANY_CHANNELS];
        int channel = group * tile;
        sum(x, weights, bias, sums, p, channel, h, w, channels, kh, kw, stride, pad, oh, ow, tile);
        Tiles.store(out, sums, p, channel, pixels, channels, tile);
      }
    }
  }

  /** Sums added to a residual. */
  static void residual(
      ByteArray x,
      FloatArray weights,
      FloatArray bias,
      FloatArray residual,
      FloatArray out,
      int pixels,
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
    for (@Parallel int group = 0; group < channels / tile; group++) {
      for (@Parallel int p = 0; p < pixels; p++) {
        float[] sums = new float[Tiles.MANY_CHANNELS];
        int channel = group * tile;
        sum(x, weights, bias, sums, p, channel, h, w, channels, kh, kw, stride, pad, oh, ow, tile);
        Tiles.storeSum(residual, out, sums, p, channel, pixels, channels, tile);
      }
    }
  }

  /** Spikes of the sums. */
  static void spikes(
      ByteArray x,
      FloatArray weights,
      FloatArray bias,
      ByteArray out,
      int pixels,
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
    for (@Parallel int group = 0; group < channels / tile; group++) {
      for (@Parallel int p = 0; p < pixels; p++) {
        float[] sums = new float[Tiles.MANY_CHANNELS];
        int channel = group * tile;
        sum(x, weights, bias, sums, p, channel, h, w, channels, kh, kw, stride, pad, oh, ow, tile);
        Tiles.storeSpikes(out, sums, p, channel, pixels, channels, tile, maxSpikes);
      }
    }
  }

  private static void sum(
      ByteArray x,
      FloatArray weights,
      FloatArray bias,
      float[] sums,
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
      sums[j] = bias.get(channel + j);
    }
    for (int r = 0; r < kh; r++) {
      for (int c = 0; c < kw; c++) {
        int tap = Taps.at(p, r, c, h, w, channels, stride, pad, oh, ow);
        float inside = Taps.inside(tap);
        int at = Math.max(tap, 0) + channel;
        int row = (r * kw + c) * channels + channel;
        for (int j = 0; j < tile; j++) {
          float value = inside * x.get(at + j);
          sums[j] = Fused.multiplyAdd(value, weights.get(row + j), sums[j]);
        }
      }
    }
  }
}
