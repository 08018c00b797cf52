package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Finish;
import org.spike2former.accel.operation.Int8Convolution;
import org.spike2former.tensor.layer.Window;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.utils.QuantizationUtils;

/**
 * Dense convolution with 8-bit weights in packs of four input channels, see {@link
 * Int8Convolution#isPacked}: one instruction of an NVIDIA GPU multiplies a pack by four spikes and
 * adds all. A work-item computes up to four channels of four pixels; its channels lie apart, so
 * that those of its neighbours are neighbours. TornadoVM does not compile it for OpenCL.
 */
final class Int8PackedKernels {
  private static final int MOST_CHANNELS = Int8Convolution.MOST_PACKED_CHANNELS;

  private Int8PackedKernels() {}

  /** The launch of a layer that gives spikes. */
  static Launch launch(
      String id, Int8Convolution layer, Int8Convolution.Spikes spikes, Arrays arrays) {
    Window g = layer.window();
    return new Launch(
        new TaskPackage(
            id,
            Int8PackedKernels::spikes,
            arrays.bytes(layer.x()),
            arrays.ints(layer.weights()),
            arrays.ints(spikes.thresholds()),
            arrays.bytes(layer.output()),
            g.outPixels(),
            g.h(),
            g.w(),
            g.cin(),
            g.cout(),
            g.kh(),
            g.kw(),
            g.stride(),
            g.pad(),
            spikes.maxSpikes(),
            layer.packedChannels()));
  }

  /** The launch of a layer with a finish. */
  static Launch launch(
      String id,
      Int8Convolution layer,
      Int8Convolution.Potentials sums,
      Finish finish,
      Arrays arrays) {
    FloatArray bias = arrays.floats(sums.bias());
    Window g = layer.window();
    return new Launch(
        new TaskPackage(
            id,
            Int8PackedKernels::finished,
            arrays.bytes(layer.x()),
            arrays.ints(layer.weights()),
            arrays.floats(sums.scale()),
            bias,
            finish.factor() == null ? bias : arrays.floats(finish.factor()),
            finish.shift() == null ? bias : arrays.floats(finish.shift()),
            finish.residual() == null ? bias : arrays.floats(finish.residual()),
            arrays.floats(finish.floatsOrNone()),
            arrays.bytes(finish.spikesOrNone()),
            g.outPixels(),
            g.h(),
            g.w(),
            g.cin(),
            g.cout(),
            g.kh(),
            g.kw(),
            g.stride(),
            g.pad(),
            Finishes.how(finish),
            layer.packedChannels()));
  }

  /** How many thresholds the sums reach. */
  static void spikes(
      ByteArray x,
      IntArray weights,
      IntArray thresholds,
      ByteArray out,
      int pixels,
      int h,
      int w,
      int cin,
      int cout,
      int kh,
      int kw,
      int stride,
      int pad,
      int maxSpikes,
      int each) {
    for (@Parallel int group = 0; group < cout / each; group++) {
      for (@Parallel int four = 0; four < (pixels + 3) / 4; four++) {
        int[] sums = new int[4 * MOST_CHANNELS];
        sum(x, weights, sums, 4 * four, group, pixels, h, w, cin, cout, kh, kw, stride, pad, each);
        for (int j = 0; j < 4; j++) {
          for (int k = 0; k < each; k++) {
            int channel = group + k * (cout / each);
            int reached = 0;
            for (int d = 0; d < maxSpikes; d++) {
              int threshold = thresholds.get(d * cout + channel);
              reached += Int8Tiles.inside(sums[j * MOST_CHANNELS + k] - threshold);
            }
            if (4 * four + j < pixels) {
              out.set((4 * four + j) * cout + channel, (byte) reached);
            }
          }
        }
      }
    }
  }

  /** Potentials with a finish. */
  static void finished(
      ByteArray x,
      IntArray weights,
      FloatArray scale,
      FloatArray bias,
      FloatArray factor,
      FloatArray shift,
      FloatArray residual,
      FloatArray out,
      ByteArray spikes,
      int pixels,
      int h,
      int w,
      int cin,
      int cout,
      int kh,
      int kw,
      int stride,
      int pad,
      int how,
      int each) {
    for (@Parallel int group = 0; group < cout / each; group++) {
      for (@Parallel int four = 0; four < (pixels + 3) / 4; four++) {
        int[] sums = new int[4 * MOST_CHANNELS];
        sum(x, weights, sums, 4 * four, group, pixels, h, w, cin, cout, kh, kw, stride, pad, each);
        for (int j = 0; j < 4; j++) {
          for (int k = 0; k < each; k++) {
            if (4 * four + j < pixels) {
              int c = group + k * (cout / each);
              int at = (4 * four + j) * cout + c;
              float sum = sums[j * MOST_CHANNELS + k];
              float potential = Fused.multiplyAdd(sum, scale.get(c), bias.get(c));
              float value = Finishes.apply(factor, shift, residual, potential, at, c, how);
              Finishes.put(out, spikes, value, at, how);
            }
          }
        }
      }
    }
  }

  /** Sums of the pixels p…p+3, the last one again where there are fewer. */
  private static void sum(
      ByteArray x,
      IntArray weights,
      int[] sums,
      int p,
      int group,
      int pixels,
      int h,
      int w,
      int cin,
      int cout,
      int kh,
      int kw,
      int stride,
      int pad,
      int each) {
    int oh = (h + 2 * pad - kh) / stride + 1;
    int ow = (w + 2 * pad - kw) / stride + 1;
    for (int i = 0; i < 4 * MOST_CHANNELS; i++) {
      sums[i] = 0;
    }
    for (int r = 0; r < kh; r++) {
      for (int c = 0; c < kw; c++) {
        for (int pack = 0; pack < cin / Int8Convolution.PACK; pack++) {
          int row = ((r * kw + c) * (cin / Int8Convolution.PACK) + pack) * cout + group;
          for (int j = 0; j < 4; j++) {
            int pixel = Math.min(p + j, pixels - 1);
            int tap = Taps.at(pixel, r, c, h, w, cin, stride, pad, oh, ow);
            int four = Int8Tiles.inside(tap) * spikes(x, Math.max(tap, 0) + 4 * pack);
            for (int k = 0; k < each; k++) {
              int weight = weights.get(row + k * (cout / each));
              int at = j * MOST_CHANNELS + k;
              sums[at] = QuantizationUtils.dp4a_packed(weight, four, sums[at]);
            }
          }
        }
      }
    }
  }

  /** Four neighbouring spikes, none of them negative, as a pack. */
  private static int spikes(ByteArray x, int at) {
    return x.get(at) | x.get(at + 1) << 8 | x.get(at + 2) << 16 | x.get(at + 3) << 24;
  }
}
