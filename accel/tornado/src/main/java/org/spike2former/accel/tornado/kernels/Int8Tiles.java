package org.spike2former.accel.tornado.kernels;

import org.spike2former.tensor.layer.Int8Layer;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What becomes of a work-item's integer sums; compare {@link Tiles}. */
final class Int8Tiles {
  /** No sum is as small. */
  private static final int LEAST = -2 * Int8Layer.MAX_SUM;

  private Int8Tiles() {}

  /**
   * The sum, by way of a limit that changes nothing: without it, compilers for processors make
   * vectors of a channel's products, whose weights lie far apart, and not of neighbouring channels.
   */
  static int add(int sum, int product) {
    return Math.max(sum + product, LEAST);
  }

  /** 1 for a tap in the map, 0 for another, without a branch. */
  static int inside(int at) {
    return 1 + (at >> 31);
  }

  /** Sets the sums of four pixels to 0. */
  static void clear(int[] s0, int[] s1, int[] s2, int[] s3, int width) {
    for (int j = 0; j < width; j++) {
      s0[j] = 0;
      s1[j] = 0;
      s2[j] = 0;
      s3[j] = 0;
    }
  }

  /** Stores a pixel's potentials from {@code channel} on, unless there is no such pixel. */
  static void store(
      FloatArray scale,
      FloatArray bias,
      FloatArray out,
      int[] sums,
      int pixel,
      int channel,
      int pixels,
      int channels,
      int width) {
    if (pixel < pixels) {
      int at = pixel * channels + channel;
      for (int j = 0; j < width; j++) {
        int c = channel + j;
        out.set(at + j, Fused.multiplyAdd((float) sums[j], scale.get(c), bias.get(c)));
      }
    }
  }

  /** As {@link #store}, added to a residual. */
  static void storeSum(
      FloatArray scale,
      FloatArray bias,
      FloatArray residual,
      FloatArray out,
      int[] sums,
      int pixel,
      int channel,
      int pixels,
      int channels,
      int width) {
    if (pixel < pixels) {
      int at = pixel * channels + channel;
      for (int j = 0; j < width; j++) {
        int c = channel + j;
        float potential = Fused.multiplyAdd((float) sums[j], scale.get(c), bias.get(c));
        out.set(at + j, residual.get(at + j) + potential);
      }
    }
  }

  /** As {@link #store}, how many of the channel's thresholds each sum reaches. */
  static void storeSpikes(
      IntArray thresholds,
      ByteArray out,
      int[] sums,
      int pixel,
      int channel,
      int pixels,
      int channels,
      int maxSpikes,
      int width) {
    if (pixel < pixels) {
      int at = pixel * channels + channel;
      for (int j = 0; j < width; j++) {
        int sum = sums[j];
        int spikes = 0;
        for (int d = 0; d < maxSpikes; d++) {
          // The difference fits, and its sign is the comparison.
          spikes += inside(sum - thresholds.get(d * channels + channel + j));
        }
        out.set(at + j, (byte) spikes);
      }
    }
  }

  /** As {@link #storeSpikes}, of the four pixels from {@code pixel} on. */
  static void storeSpikes(
      IntArray thresholds,
      ByteArray out,
      int[] s0,
      int[] s1,
      int[] s2,
      int[] s3,
      int pixel,
      int channel,
      int pixels,
      int channels,
      int maxSpikes,
      int width) {
    for (int j = 0; j < width; j++) {
      int sum0 = s0[j];
      int sum1 = s1[j];
      int sum2 = s2[j];
      int sum3 = s3[j];
      int k0 = 0;
      int k1 = 0;
      int k2 = 0;
      int k3 = 0;
      for (int d = 0; d < maxSpikes; d++) {
        int threshold = thresholds.get(d * channels + channel + j);
        k0 += inside(sum0 - threshold);
        k1 += inside(sum1 - threshold);
        k2 += inside(sum2 - threshold);
        k3 += inside(sum3 - threshold);
      }
      int at = pixel * channels + channel + j;
      put(out, at, k0, pixel < pixels);
      put(out, at + channels, k1, pixel + 1 < pixels);
      put(out, at + 2 * channels, k2, pixel + 2 < pixels);
      put(out, at + 3 * channels, k3, pixel + 3 < pixels);
    }
  }

  private static void put(ByteArray out, int at, int spikes, boolean isThere) {
    if (isThere) {
      out.set(at, (byte) spikes);
    }
  }
}
