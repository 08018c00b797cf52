package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Lanes;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * A work-item's share of a kernel: a few neighbouring channels of a pixel, kept in an array of its
 * own, so that compilers make vectors or registers of them.
 */
final class Tiles {
  /** Most channels of a work-item, the length of its arrays. */
  static final int CHANNELS = Lanes.MOST;

  /** As {@link #CHANNELS}, where a work-item has one pixel. */
  static final int MANY_CHANNELS = Lanes.MOST_OF_ONE_PIXEL;

  private Tiles() {}

  /** Stores a pixel's channels from {@code channel} on, unless there is no such pixel. */
  static void store(
      FloatArray out, float[] tile, int pixel, int channel, int pixels, int channels, int width) {
    if (pixel < pixels) {
      int at = pixel * channels + channel;
      for (int j = 0; j < width; j++) {
        out.set(at + j, tile[j]);
      }
    }
  }

  /** As {@link #store}, added to a residual. */
  static void storeSum(
      FloatArray residual,
      FloatArray out,
      float[] tile,
      int pixel,
      int channel,
      int pixels,
      int channels,
      int width) {
    if (pixel < pixels) {
      int at = pixel * channels + channel;
      for (int j = 0; j < width; j++) {
        out.set(at + j, residual.get(at + j) + tile[j]);
      }
    }
  }

  /** As {@link #store}, the integer neuron's spikes. */
  static void storeSpikes(
      ByteArray out,
      float[] tile,
      int pixel,
      int channel,
      int pixels,
      int channels,
      int width,
      int maxSpikes) {
    if (pixel < pixels) {
      int at = pixel * channels + channel;
      for (int j = 0; j < width; j++) {
        out.set(at + j, (byte) NeuronKernels.spike(tile[j], maxSpikes));
      }
    }
  }
}
