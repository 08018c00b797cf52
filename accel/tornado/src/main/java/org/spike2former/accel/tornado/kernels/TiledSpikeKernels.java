package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Convolution;
import org.spike2former.accel.operation.Finish;
import org.spike2former.accel.operation.LocalTile;
import org.spike2former.tensor.layer.Window;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Dense convolution of spikes on a GPU, see {@link Convolution} and {@link LocalTile}: for every
 * tap and 32 input channels a work-group brings its pixels and weights to local memory, each number
 * once and neighbours by neighbours. The order of accumulation is that of {@link
 * DenseSpikeKernels}; what lies outside the map or the channels counts as 0.
 */
final class TiledSpikeKernels {
  private static final int LANES = LocalTile.LANES;
  private static final int ROWS = LocalTile.PIXELS_OF_ONE;
  private static final int PIXELS = LocalTile.PIXELS;
  private static final int MOST_CHANNELS = LocalTile.MOST_CHANNELS;
  private static final int BLOCK = Convolution.CHANNEL_BLOCK;

  private TiledSpikeKernels() {}

  /** The launch of a layer that reads spikes, or a part of a buffer of them, with a finish. */
  static Launch launch(String id, Convolution layer, Finish finish, Arrays arrays) {
    FloatArray bias = arrays.floats(layer.bias());
    Window g = layer.window();
    LocalTile tile = new LocalTile(g);
    return new Launch(
        new TaskPackage(
            id,
            TiledSpikeKernels::finished,
            new KernelContext(),
            arrays.bytes(layer.x()),
            arrays.floats(layer.weights()),
            bias,
            finish.factor() == null ? bias : arrays.floats(finish.factor()),
            finish.shift() == null ? bias : arrays.floats(finish.shift()),
            finish.residual() == null ? bias : arrays.floats(finish.residual()),
            arrays.floats(finish.floatsOrNone()),
            arrays.bytes(finish.spikesOrNone()),
            layer.x().from(),
            g.outPixels(),
            g.h(),
            g.w(),
            g.cin(),
            g.cout(),
            g.kh(),
            g.kw(),
            g.stride(),
            g.pad(),
            Finishes.how(finish)),
        grid(tile));
  }

  private static WorkerGrid grid(LocalTile tile) {
    WorkerGrid2D grid =
        new WorkerGrid2D(tile.channelGroups() * LANES, tile.pixelGroups() * LocalTile.WARPS);
    grid.setLocalWork(LANES, LocalTile.WARPS, 1);
    return grid;
  }

  /**
   * Sums with a finish, of a map that begins at {@code from}. All of it is in one method, because
   * TornadoVM takes a local array that is handed on for one of Java's.
   */
  static void finished(
      KernelContext context,
      ByteArray x,
      FloatArray weights,
      FloatArray bias,
      FloatArray factor,
      FloatArray shift,
      FloatArray residual,
      FloatArray out,
      ByteArray spikes,
      int from,
      int pixels,
      int h,
      int w,
      int cin,
      int cout,
      int kh,
      int kw,
      int stride,
      int pad,
      int how) {
    float[] xs = context.allocateFloatLocalArray(PIXELS * BLOCK);
    float[] ws = context.allocateFloatLocalArray(BLOCK * LANES * MOST_CHANNELS);
    float[] sums = new float[ROWS * MOST_CHANNELS];
    int each = Math.min(MOST_CHANNELS, (cout + LANES - 1) / LANES);
    int lane = context.localIdx;
    int row = context.localIdy;
    int co = context.groupIdx * LANES * each + lane;
    int first = context.groupIdy * PIXELS;
    int oh = (h + 2 * pad - kh) / stride + 1;
    int ow = (w + 2 * pad - kw) / stride + 1;
    for (int k = 0; k < each; k++) {
      float b = bias.get(Math.min(co + k * LANES, cout - 1));
      for (int j = 0; j < ROWS; j++) {
        sums[k * ROWS + j] = b;
      }
    }
    for (int r = 0; r < kh; r++) {
      for (int block = 0; block < cin; block += BLOCK) {
        int depth = Math.min(BLOCK, cin - block);
        for (int c = 0; c < kw; c++) {
          // A warp brings every fourth line, a lane the channel of its number.
          int ci = Math.min(block + lane, cin - 1);
          for (int i = 0; i < ROWS; i++) {
            int line = i * LocalTile.WARPS + row;
            int pixel = Math.min(first + line, pixels - 1);
            int tap = Taps.at(pixel, r, c, h, w, cin, stride, pad, oh, ow);
            xs[line * BLOCK + lane] = Taps.inside(tap) * x.get(from + Math.max(tap, 0) + ci);
          }
          for (int i = 0; i < ROWS; i++) {
            int line = i * LocalTile.WARPS + row;
            int at = ((r * kw + c) * cin + Math.min(block + line, cin - 1)) * cout;
            for (int k = 0; k < each; k++) {
              int column = Math.min(co + k * LANES, cout - 1);
              ws[(line * MOST_CHANNELS + k) * LANES + lane] = weights.get(at + column);
            }
          }
          context.localBarrier();
          for (int d = 0; d < depth; d++) {
            for (int k = 0; k < each; k++) {
              float weight = ws[(d * MOST_CHANNELS + k) * LANES + lane];
              for (int j = 0; j < ROWS; j++) {
                float value = xs[(row * ROWS + j) * BLOCK + d];
                sums[k * ROWS + j] = Fused.multiplyAdd(value, weight, sums[k * ROWS + j]);
              }
            }
          }
          context.localBarrier();
        }
      }
    }
    for (int k = 0; k < each; k++) {
      for (int j = 0; j < ROWS; j++) {
        int p = first + row * ROWS + j;
        int channel = co + k * LANES;
        if (p < pixels && channel < cout) {
          int at = p * cout + channel;
          float sum = sums[k * ROWS + j];
          float value = Finishes.apply(factor, shift, residual, sum, at, channel, how);
          Finishes.put(out, spikes, value, at, how);
        }
      }
    }
  }
}
