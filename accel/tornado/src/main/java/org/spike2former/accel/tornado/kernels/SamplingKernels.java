package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.DeformSample;
import org.spike2former.accel.operation.Finish;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Deformable sampling. */
final class SamplingKernels {
  private SamplingKernels() {}

  static Launch launch(String id, DeformSample sample, Arrays arrays) {
    int width = sample.channels() / sample.groups();
    return new Launch(
        new TaskPackage(
            id,
            SamplingKernels::deformSample,
            arrays.floats(sample.v()),
            arrays.floats(sample.offset()),
            arrays.bytes(sample.mask()),
            arrays.floats(sample.output()),
            sample.pixels(),
            sample.h(),
            sample.w(),
            sample.channels(),
            sample.groups(),
            width,
            sample.maskScale(),
            arrays.lanes().channels(width)));
  }

  /** The launch of a sampling whose result only a neuron reads. */
  static Launch launch(String id, DeformSample sample, Finish finish, Arrays arrays) {
    int width = sample.channels() / sample.groups();
    return new Launch(
        new TaskPackage(
            id,
            SamplingKernels::deformSampleSpikes,
            arrays.floats(sample.v()),
            arrays.floats(sample.offset()),
            arrays.bytes(sample.mask()),
            arrays.bytes(finish.spikes()),
            sample.pixels(),
            sample.h(),
            sample.w(),
            sample.channels(),
            sample.groups(),
            width,
            sample.maskScale(),
            finish.maxSpikes(),
            arrays.lanes().channels(width)));
  }

  /** See {@link DeformSample}. */
  static void deformSample(
      FloatArray v,
      FloatArray offset,
      ByteArray mask,
      FloatArray out,
      int pixels,
      int h,
      int w,
      int channels,
      int groups,
      int width,
      float maskScale,
      int tile) {
    for (@Parallel int part = 0; part < channels / tile; part++) {
      for (@Parallel int pixel = 0; pixel < pixels; pixel++) {
        float[] sums = new float[Tiles.CHANNELS];
        int channel = part * tile;
        sum(v, offset, mask, sums, pixel, channel, h, w, channels, groups, width, maskScale, tile);
        Tiles.store(out, sums, pixel, channel, pixels, channels, tile);
      }
    }
  }

  /** As {@link #deformSample}, the integer neuron's spikes. */
  static void deformSampleSpikes(
      FloatArray v,
      FloatArray offset,
      ByteArray mask,
      ByteArray out,
      int pixels,
      int h,
      int w,
      int channels,
      int groups,
      int width,
      float maskScale,
      int maxSpikes,
      int tile) {
    for (@Parallel int part = 0; part < channels / tile; part++) {
      for (@Parallel int pixel = 0; pixel < pixels; pixel++) {
        float[] sums = new float[Tiles.CHANNELS];
        int channel = part * tile;
        sum(v, offset, mask, sums, pixel, channel, h, w, channels, groups, width, maskScale, tile);
        Tiles.storeSpikes(out, sums, pixel, channel, pixels, channels, tile, maxSpikes);
      }
    }
  }

  /** Samples of a pixel's channels from {@code channel} on, summed. */
  private static void sum(
      FloatArray v,
      FloatArray offset,
      ByteArray mask,
      float[] sums,
      int pixel,
      int channel,
      int h,
      int w,
      int channels,
      int groups,
      int width,
      float maskScale,
      int tile) {
    int map = pixel / (h * w) * h;
    int row = pixel / w % h;
    int column = pixel % w;
    for (int j = 0; j < tile; j++) {
      sums[j] = 0;
    }
    for (int p = 0; p < 9; p++) {
      int at = (pixel * groups + channel / width) * 9 + p;
      float m = mask.get(at) * maskScale;
      float x = column + (p / 3 - 1) + offset.get(2 * at);
      float y = row + (p % 3 - 1) + offset.get(2 * at + 1);
      float left = TornadoMath.floor(x);
      float top = TornadoMath.floor(y);
      // Only what is near the map fits an int.
      if (m != 0 && left >= -1 && left < w && top >= -1 && top < h) {
        int cx = (int) left;
        int cy = (int) top;
        float right = x - left;
        float bottom = y - top;
        float up = m * ((1 - right) * (1 - bottom));
        add(v, sums, up, map, cx, cy, h, w, channels, channel, tile);
        float upRight = m * (right * (1 - bottom));
        add(v, sums, upRight, map, cx + 1, cy, h, w, channels, channel, tile);
        float down = m * ((1 - right) * bottom);
        add(v, sums, down, map, cx, cy + 1, h, w, channels, channel, tile);
        float downRight = m * (right * bottom);
        add(v, sums, downRight, map, cx + 1, cy + 1, h, w, channels, channel, tile);
      }
    }
  }

  /** Adds a corner's share, if the corner is in the map. */
  private static void add(
      FloatArray v,
      float[] sums,
      float share,
      int map,
      int x,
      int y,
      int h,
      int w,
      int channels,
      int channel,
      int tile) {
    if (x >= 0 && x < w && y >= 0 && y < h) {
      int at = ((map + y) * w + x) * channels + channel;
      for (int j = 0; j < tile; j++) {
        sums[j] = Fused.multiplyAdd(share, v.get(at + j), sums[j]);
      }
    }
  }
}
