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
 * Linear layers with 8-bit weights: an {@link Int8Convolution} with a window of one pixel. A
 * work-item computes {@code tile} channels of four pixels.
 */
final class Int8LinearKernels {
  private Int8LinearKernels() {}

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
              Int8LinearKernels::spikes,
              x,
              weights,
              arrays.ints(spikes.thresholds()),
              arrays.bytes(layer.output()),
              g.outPixels(),
              g.cin(),
              g.cout(),
              spikes.maxSpikes(),
              tile);
      case Int8Convolution.Potentials(Buffer scale, Buffer bias, Buffer residual)
          when residual != null ->
          new TaskPackage(
              id,
              Int8LinearKernels::residual,
              x,
              weights,
              arrays.floats(scale),
              arrays.floats(bias),
              arrays.floats(residual),
              arrays.floats(layer.output()),
              g.outPixels(),
              g.cin(),
              g.cout(),
              tile);
      case Int8Convolution.Potentials(Buffer scale, Buffer bias, _) ->
          new TaskPackage(
              id,
              Int8LinearKernels::floats,
              x,
              weights,
              arrays.floats(scale),
              arrays.floats(bias),
              arrays.floats(layer.output()),
              g.outPixels(),
              g.cin(),
              g.cout(),
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
        Int8LinearKernels::finished,
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
        g.cin(),
        g.cout(),
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
      int cin,
      int cout,
      int tile) {
    for (@Parallel int four = 0; four < (pixels + 3) / 4; four++) {
      for (@Parallel int group = 0; group < cout / tile; group++) {
        int[] s0 = new int[Tiles.CHANNELS];
        int[] s1 = new int[Tiles.CHANNELS];
        int[] s2 = new int[Tiles.CHANNELS];
        int[] s3 = new int[Tiles.CHANNELS];
        int p = 4 * four;
        int co = group * tile;
        sum(x, weights, s0, s1, s2, s3, p, co, pixels, cin, cout, tile);
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
      int cin,
      int cout,
      int tile) {
    for (@Parallel int four = 0; four < (pixels + 3) / 4; four++) {
      for (@Parallel int group = 0; group < cout / tile; group++) {
        int[] s0 = new int[Tiles.CHANNELS];
        int[] s1 = new int[Tiles.CHANNELS];
        int[] s2 = new int[Tiles.CHANNELS];
        int[] s3 = new int[Tiles.CHANNELS];
        int p = 4 * four;
        int co = group * tile;
        sum(x, weights, s0, s1, s2, s3, p, co, pixels, cin, cout, tile);
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
      int cin,
      int cout,
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
        sum(x, weights, s0, s1, s2, s3, p, co, pixels, cin, cout, tile);
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
      int cin,
      int cout,
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
        sum(x, weights, s0, s1, s2, s3, p, co, pixels, cin, cout, tile);
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
      int cin,
      int cout,
      int tile) {
    int a0 = p * cin;
    int a1 = Math.min(p + 1, pixels - 1) * cin;
    int a2 = Math.min(p + 2, pixels - 1) * cin;
    int a3 = Math.min(p + 3, pixels - 1) * cin;
    Int8Tiles.clear(s0, s1, s2, s3, tile);
    for (int ci = 0; ci < cin; ci++) {
      int v0 = x.get(a0 + ci);
      int v1 = x.get(a1 + ci);
      int v2 = x.get(a2 + ci);
      int v3 = x.get(a3 + ci);
      int at = ci * cout + co;
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
