package org.spike2former.accel.tornado.kernels;

import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** {@link Tiles} of sums of 8-bit weights, and what becomes of a sum. */
final class Int8Tiles {
  private Int8Tiles() {}

  /** Stores the potentials of a pixel's channels, unless there is no such pixel. */
  static void store(
      FloatArray out,
      int[] tile,
      FloatArray scale,
      FloatArray bias,
      int pixel,
      int channel,
      int pixels,
      int channels,
      int width) {
    if (pixel < pixels) {
      int at = pixel * channels + channel;
      for (int j = 0; j < width; j++) {
        out.set(at + j, potential(tile[j], scale, bias, channel + j));
      }
    }
  }

  /** As {@link #store}, added to a residual. */
  static void storeSum(
      FloatArray residual,
      FloatArray out,
      int[] tile,
      FloatArray scale,
      FloatArray bias,
      int pixel,
      int channel,
      int pixels,
      int channels,
      int width) {
    if (pixel < pixels) {
      int at = pixel * channels + channel;
      for (int j = 0; j < width; j++) {
        out.set(at + j, residual.get(at + j) + potential(tile[j], scale, bias, channel + j));
      }
    }
  }

  private static float potential(int sum, FloatArray scale, FloatArray bias, int channel) {
    return Fused.multiplyAdd(sum, scale.get(channel), bias.get(channel));
  }

  /** As {@link #store}, how many of the thresholds [maxSpikes, channels] each sum reaches. */
  static void storeSpikes(
      ByteArray out,
      int[] tile,
      IntArray thresholds,
      int pixel,
      int channel,
      int pixels,
      int channels,
      int width,
      int maxSpikes) {
    if (pixel < pixels) {
      int at = pixel * channels + channel;
      for (int j = 0; j < width; j++) {
        int k = 0;
        for (int d = 0; d < maxSpikes; d++) {
          k = k + (tile[j] >= thresholds.get(d * channels + channel + j) ? 1 : 0);
        }
        out.set(at + j, (byte) k);
      }
    }
  }
}
