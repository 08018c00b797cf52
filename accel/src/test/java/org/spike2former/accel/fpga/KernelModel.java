package org.spike2former.accel.fpga;

import static org.spike2former.accel.fpga.KernelShape.INPUTS;
import static org.spike2former.accel.fpga.KernelShape.LANES;
import static org.spike2former.accel.fpga.KernelShape.LINE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.spike2former.accel.fpga.KernelShape.Kind;
import org.spike2former.tensor.layer.Window;

/** What the kernels do, loop by loop, in Java: slabs of weights and a ring of padded rows. */
final class KernelModel {
  private final KernelShape shape;
  private final Window g;
  private final ByteBuffer x;
  private final ByteBuffer weights;
  private final List<ByteBuffer> inputs;
  private final ByteBuffer out;
  private final byte[][][] rows;

  private KernelModel(KernelShape shape, List<ByteBuffer> inputs) {
    this.shape = shape;
    this.g = shape.window();
    this.inputs = inputs;
    x = inputs.get(0);
    weights = inputs.get(1);
    out =
        ByteBuffer.allocate(g.outPixels() * shape.outLines() * LINE).order(ByteOrder.LITTLE_ENDIAN);
    rows = new byte[g.kh()][shape.paddedWidth()][shape.inLines() * LINE];
  }

  /** The output of a kernel. */
  static ByteBuffer run(KernelShape shape, List<ByteBuffer> inputs) {
    KernelModel model = new KernelModel(shape, inputs);
    for (int slab = 0; slab < shape.slabs(); slab++) {
      for (int map = 0; map < model.g.n(); map++) {
        model.map(slab, map);
      }
    }
    return model.out;
  }

  private void map(int slab, int map) {
    for (int y = 0; y < shape.paddedHeight(); y++) {
      load(map, y);
      if (y >= g.kh() - 1 && (y - g.kh() + 1) % g.stride() == 0) {
        int oy = (y - g.kh() + 1) / g.stride();
        for (int ox = 0; ox < g.ow(); ox++) {
          for (int group = slab * shape.slab(); group < (slab + 1) * shape.slab(); group++) {
            finish((map * g.oh() + oy) * g.ow() + ox, group, sums(oy, ox, group));
          }
        }
      }
    }
  }

  private void load(int map, int y) {
    int inY = y - g.pad();
    int pixel = shape.inLines() * LINE;
    for (int px = 0; px < shape.paddedWidth(); px++) {
      int inX = px - g.pad();
      boolean inside = inY >= 0 && inY < g.h() && inX >= 0 && inX < g.w();
      for (int i = 0; i < pixel; i++) {
        rows[y % g.kh()][px][i] =
            inside ? x.get(((map * g.h() + inY) * g.w() + inX) * pixel + i) : 0;
      }
    }
  }

  private int[] sums(int oy, int ox, int group) {
    int[] sums = new int[LANES];
    for (int tap = 0; tap < shape.taps(); tap++) {
      int slot = (oy * g.stride() + tap / g.kw()) % g.kh();
      byte[] spikes = rows[slot][ox * g.stride() + tap % g.kw()];
      for (int lane = 0; lane < LANES; lane++) {
        if (shape.kind() == Kind.DEPTHWISE) {
          int c = group * LANES + lane;
          sums[lane] += spikes[c] * weights.get(tap * shape.inLines() * LINE + c);
        } else {
          for (int ci = 0; ci < shape.words() * INPUTS; ci++) {
            int step = (group * shape.taps() + tap) * shape.words() * INPUTS + ci;
            sums[lane] += spikes[ci] * weights.get(step * LANES + lane);
          }
        }
      }
    }
    return sums;
  }

  private void finish(int pixel, int group, int... sums) {
    for (int lane = 0; lane < LANES; lane++) {
      if (shape.isSpikes()) {
        int spikes = 0;
        for (int d = 0; d < shape.maxSpikes(); d++) {
          int at = (group * shape.maxSpikes() + d) * LANES + lane;
          spikes += sums[lane] >= inputs.get(2).getInt(at * Integer.BYTES) ? 1 : 0;
        }
        out.put(pixel * shape.outLines() * LINE + group * LANES + lane, (byte) spikes);
      } else {
        int parameter = (group * LANES + lane) * Float.BYTES;
        int at = (pixel * shape.groups() + group) * LANES * Float.BYTES + lane * Float.BYTES;
        float value =
            Math.fma(
                (float) sums[lane],
                inputs.get(2).getFloat(parameter),
                inputs.get(3).getFloat(parameter));
        out.putFloat(at, inputs.size() > 4 ? inputs.get(4).getFloat(at) + value : value);
      }
    }
  }
}
