package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.Buffer;
import org.spike2former.accel.Step;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Depthwise convolution of spikes, see {@code Operation.DEPTHWISE}. A work-item computes {@code
 * tile} channels of a pixel.
 */
final class DepthwiseSpikeKernels {
  private DepthwiseSpikeKernels() {}

  /** The launch of a step that reads spikes. */
  static TaskPackage launch(String id, Step step, Arrays arrays) {
    FloatArray weights = arrays.floats(step.input(1));
    FloatArray bias = arrays.floats(step.input(2));
    int pixels = step.size(0) * step.size(9) * step.size(10);
    int tile = Tiles.ofMany(step.size(4));
    if (step.output().type() == Buffer.Type.BYTES) {
      return new TaskPackage(
          id,
          DepthwiseSpikeKernels::spikes,
          arrays.bytes(step.input(0)),
          weights,
          bias,
          arrays.bytes(step.output()),
          pixels,
          step.size(1),
          step.size(2),
          step.size(4),
          step.size(5),
          step.size(6),
          step.size(7),
          step.size(8),
          step.size(9),
          step.size(10),
          step.size(11),
          tile);
    }
    FloatArray out = arrays.floats(step.output());
    if (step.inputs().size() == 4) {
      return new TaskPackage(
          id,
          DepthwiseSpikeKernels::residual,
          arrays.bytes(step.input(0)),
          weights,
          bias,
          arrays.floats(step.input(3)),
          out,
          pixels,
          step.size(1),
          step.size(2),
          step.size(4),
          step.size(5),
          step.size(6),
          step.size(7),
          step.size(8),
          step.size(9),
          step.size(10),
          tile);
    }
    return new TaskPackage(
        id,
        DepthwiseSpikeKernels::floats,
        arrays.bytes(step.input(0)),
        weights,
        bias,
        out,
        pixels,
        step.size(1),
        step.size(2),
        step.size(4),
        step.size(5),
        step.size(6),
        step.size(7),
        step.size(8),
        step.size(9),
        step.size(10),
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
