package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Finish;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * What a {@link Finish} asks for, in kernels that do all of it: a number that is a constant of each
 * launch, so that nothing else is left of the kernel.
 */
final class Finishes {
  private static final int AFFINE = 1;
  private static final int SCALED = 2;
  private static final int SHIFTED = 4;
  private static final int ADDED = 8;
  private static final int FLOATS = 16;

  /** Most spikes count in units of this. */
  private static final int SPIKE = 32;

  private Finishes() {}

  /** What is asked for, as a number. */
  static int how(Finish finish) {
    boolean factor = finish.factor() != null;
    boolean shift = finish.shift() != null;
    boolean scaled = factor && !shift;
    return (factor && shift ? AFFINE : 0)
        + (scaled ? SCALED : 0)
        + (shift && !factor ? SHIFTED : 0)
        + (finish.residual() != null && !scaled ? ADDED : 0)
        + (finish.floats() != null ? FLOATS : 0)
        + finish.maxSpikes() * SPIKE;
  }

  /**
   * The number that is stored.
   *
   * @param at its place
   * @param c its place in factor and shift
   */
  static float apply(
      FloatArray factor,
      FloatArray shift,
      FloatArray residual,
      float value,
      int at,
      int c,
      int how) {
    float result = value;
    if ((how & AFFINE) != 0) {
      result = Fused.multiplyAdd(value, factor.get(c), shift.get(c));
    }
    if ((how & SCALED) != 0) {
      result = Fused.multiplyAdd(factor.get(c), value, residual.get(at));
    }
    if ((how & SHIFTED) != 0) {
      result = value + shift.get(c);
    }
    if ((how & ADDED) != 0) {
      result = residual.get(at) + result;
    }
    return result;
  }

  /** Stores a number, its spikes, or both. */
  static void put(FloatArray out, ByteArray spikes, float value, int at, int how) {
    if ((how & FLOATS) != 0) {
      out.set(at, value);
    }
    if (how >= SPIKE) {
      spikes.set(at, (byte) NeuronKernels.spike(value, how / SPIKE));
    }
  }

  /** As {@link Tiles#store}, by way of a finish. */
  static void store(
      FloatArray factor,
      FloatArray shift,
      FloatArray residual,
      FloatArray out,
      ByteArray spikes,
      float[] tile,
      int pixel,
      int channel,
      int pixels,
      int channels,
      int how,
      int width) {
    if (pixel < pixels) {
      int at = pixel * channels + channel;
      for (int j = 0; j < width; j++) {
        float value = apply(factor, shift, residual, tile[j], at + j, channel + j, how);
        put(out, spikes, value, at + j, how);
      }
    }
  }

  /** As {@link Int8Tiles#store}, by way of a finish. */
  static void store(
      FloatArray scale,
      FloatArray bias,
      FloatArray factor,
      FloatArray shift,
      FloatArray residual,
      FloatArray out,
      ByteArray spikes,
      int[] sums,
      int pixel,
      int channel,
      int pixels,
      int channels,
      int how,
      int width) {
    if (pixel < pixels) {
      int at = pixel * channels + channel;
      for (int j = 0; j < width; j++) {
        int c = channel + j;
        float potential = Fused.multiplyAdd((float) sums[j], scale.get(c), bias.get(c));
        float value = apply(factor, shift, residual, potential, at + j, c, how);
        put(out, spikes, value, at + j, how);
      }
    }
  }
}
