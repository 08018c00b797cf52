package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Padded;
import org.spike2former.tensor.layer.Window;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Depthwise convolution of a map with a ring of constants around it, see {@link Padded}. A
 * work-item computes {@code tile} channels of a pixel.
 */
final class PaddedKernels {
  private PaddedKernels() {}

  static Launch launch(String id, Padded padded, Arrays arrays) {
    Window g = padded.layer().window();
    return new Launch(
        new TaskPackage(
            id,
            PaddedKernels::depthwise,
            arrays.floats(padded.layer().x()),
            arrays.floats(padded.layer().weights()),
            arrays.floats(padded.layer().bias()),
            arrays.floats(padded.ring()),
            arrays.floats(padded.output()),
            g.outPixels(),
            g.h(),
            g.w(),
            g.cout(),
            g.kh(),
            g.kw(),
            g.stride(),
            g.oh(),
            g.ow(),
            g.cout() / padded.planes(),
            arrays.lanes().channelsOfOnePixel(g.cout() / padded.planes())));
  }

  /** See {@link Padded}; a plane of the output has {@code width} channels. */
  static void depthwise(
      FloatArray x,
      FloatArray weights,
      FloatArray bias,
      FloatArray ring,
      FloatArray out,
      int pixels,
      int h,
      int w,
      int channels,
      int kh,
      int kw,
      int stride,
      int oh,
      int ow,
      int width,
      int tile) {
    for (@Parallel int group = 0; group < channels / tile; group++) {
      for (@Parallel int p = 0; p < pixels; p++) {
        float[] sums = new float[Tiles.MANY_CHANNELS];
        int channel = group * tile;
        for (int j = 0; j < tile; j++) {
          sums[j] = bias.get(channel + j);
        }
        for (int r = 0; r < kh; r++) {
          for (int c = 0; c < kw; c++) {
            int tap = Taps.at(p, r, c, h, w, channels, stride, 1, oh, ow);
            int at = Math.max(tap, 0) + channel;
            int row = (r * kw + c) * channels + channel;
            for (int j = 0; j < tile; j++) {
              float value = tap < 0 ? ring.get(channel + j) : x.get(at + j);
              sums[j] = Fused.multiplyAdd(value, weights.get(row + j), sums[j]);
            }
          }
        }
        int line = channel / width * pixels + p;
        Tiles.store(out, sums, line, channel % width, channels / width * pixels, width, tile);
      }
    }
  }
}
