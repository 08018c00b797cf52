package org.spike2former.tensor.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.BilinearF32;
import org.spike2former.tensor.cpu.kernels.ResizeF32;
import org.spike2former.tensor.layer.Window;

/** Bilinear sampling with channels in lanes: deformable sampling and resize. */
final class VectorSampleF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final VectorSpecies<Float> NARROW = VectorWidth.NARROW_F32;
  private static final int POINTS = 9;
  private static final int CORNERS = 4;

  private VectorSampleF32() {}

  static void deformSample(
      Tensor v, Tensor offset, Tensor mask, int groups, float[] out, int from, int to) {
    int channels = v.dim(3);
    int width = channels / groups;
    Corners corners = new Corners(v, offset, mask, groups);
    float[] values = v.floats();
    for (int pixel = from; pixel < to; pixel++) {
      corners.collect(pixel);
      for (int g = 0; g < groups; g++) {
        sum(values, corners, g, width, out, pixel * channels + g * width);
      }
    }
  }

  private static void sum(
      float[] values, Corners corners, int group, int width, float[] out, int outAt) {
    int[] base = corners.base;
    float[] share = corners.share;
    int first = CORNERS * corners.start[group];
    int last = CORNERS * corners.start[group + 1];
    int bound = NARROW.loopBound(width);
    // values [corner, width of the group], share [corner]: a sum takes all corners in a register
    // before the next channels begin. Points and corners ascend, the order of accumulation.
    for (int c = 0; c < bound; c += NARROW.length()) {
      FloatVector sum = FloatVector.zero(NARROW);
      for (int i = first; i < last; i++) {
        sum =
            FloatVector.fromArray(NARROW, values, base[i] + c)
                .fma(FloatVector.broadcast(NARROW, share[i]), sum);
      }
      sum.intoArray(out, outAt + c);
    }
    for (int c = bound; c < width; c++) {
      float sum = 0;
      for (int i = first; i < last; i++) {
        sum = Math.fma(share[i], values[base[i] + c], sum);
      }
      out[outAt + c] = sum;
    }
  }

  /**
   * The corners of a pixel's points, group by group, with their shares. Points whose mask did not
   * fire are left out without a branch, which would be mispredicted; a corner outside the map stays
   * with a share of 0, which adds nothing.
   */
  private static final class Corners {
    private final int h;
    private final int w;
    private final int channels;
    private final int groups;
    private final float[] offsets;
    private final byte[] masks;
    private final float maskScale;

    /** Points that fired, and where each group's begin. */
    private final int[] fired;

    final int[] start;

    /** Where a corner's channels begin, and its share; four for each point that fired. */
    final int[] base;

    final float[] share;

    Corners(Tensor v, Tensor offset, Tensor mask, int groups) {
      h = v.dim(1);
      w = v.dim(2);
      channels = v.dim(3);
      this.groups = groups;
      offsets = offset.floats();
      masks = mask.bytes();
      maskScale = (float) mask.scale();
      fired = new int[groups * POINTS];
      start = new int[groups + 1];
      base = new int[groups * POINTS * CORNERS];
      share = new float[groups * POINTS * CORNERS];
    }

    void collect(int pixel) {
      int at = pixel * groups * POINTS;
      int count = 0;
      // Every point is written, and counted by the sign bit of its mask's negative, 1 if it fired.
      for (int g = 0; g < groups; g++) {
        for (int p = g * POINTS; p < (g + 1) * POINTS; p++) {
          fired[count] = p;
          count += -masks[at + p] >>> 31;
        }
        start[g + 1] = count;
      }
      int map = pixel / (h * w) * h;
      int row = pixel / w % h;
      int column = pixel % w;
      int width = channels / groups;
      // The limit of the whole operation: addresses and shares, worked out one point at a time.
      for (int i = 0; i < count; i++) {
        int point = fired[i];
        int p = point % POINTS;
        float m = masks[at + point] * maskScale;
        float x = column + (p / 3 - 1) + offsets[2 * (at + point)];
        float y = row + (p % 3 - 1) + offsets[2 * (at + point) + 1];
        float floorX = (float) Math.floor(x);
        float floorY = (float) Math.floor(y);
        float right = x - floorX;
        float bottom = y - floorY;
        int left = (int) floorX;
        int top = (int) floorY;
        int channel = point / POINTS * width;
        set(CORNERS * i, map, top, left, channel, m * ((1 - right) * (1 - bottom)));
        set(CORNERS * i + 1, map, top, left + 1, channel, m * (right * (1 - bottom)));
        set(CORNERS * i + 2, map, top + 1, left, channel, m * ((1 - right) * bottom));
        set(CORNERS * i + 3, map, top + 1, left + 1, channel, m * (right * bottom));
      }
    }

    private void set(int i, int map, int y, int x, int channel, float weight) {
      if (x >= 0 && x < w && y >= 0 && y < h) {
        base[i] = ((map + y) * w + x) * channels + channel;
        share[i] = weight;
      } else {
        base[i] = 0;
        share[i] = 0;
      }
    }
  }

  static void resizeBilinear(
      float[] x, ResizeF32 resize, float[] out, int outBase, int from, int to) {
    Window g = resize.window();
    int channels = g.cin();
    BilinearF32 rows = resize.rows();
    BilinearF32 columns = resize.columns();
    for (int r = from; r < to; r++) {
      int map = r / g.oh() * g.h();
      int top = (map + rows.low()[r % g.oh()]) * g.w();
      int bottom = (map + rows.high()[r % g.oh()]) * g.w();
      float down = rows.weight()[r % g.oh()];
      for (int i = 0; i < g.ow(); i++) {
        int low = columns.low()[i];
        int high = columns.high()[i];
        blend(
            x,
            (top + low) * channels,
            (top + high) * channels,
            (bottom + low) * channels,
            (bottom + high) * channels,
            columns.weight()[i],
            down,
            out,
            outBase + (r * g.ow() + i) * channels,
            channels);
      }
    }
  }

  /** One output pixel from the pixels top left (a), top right (b), bottom left and right. */
  private static void blend(
      float[] x,
      int a,
      int b,
      int c,
      int d,
      float right,
      float down,
      float[] out,
      int outAt,
      int channels) {
    float left = 1 - right;
    float up = 1 - down;
    int bound = SPECIES.loopBound(channels);
    // Four reads and a write for six products: memory is the limit. Each product and sum is rounded
    // by itself, as in the scalar reference.
    for (int i = 0; i < bound; i += SPECIES.length()) {
      FloatVector above =
          FloatVector.fromArray(SPECIES, x, a + i)
              .mul(left)
              .add(FloatVector.fromArray(SPECIES, x, b + i).mul(right));
      FloatVector below =
          FloatVector.fromArray(SPECIES, x, c + i)
              .mul(left)
              .add(FloatVector.fromArray(SPECIES, x, d + i).mul(right));
      above.mul(up).add(below.mul(down)).intoArray(out, outAt + i);
    }
    for (int i = bound; i < channels; i++) {
      float above = left * x[a + i] + right * x[b + i];
      float below = left * x[c + i] + right * x[d + i];
      out[outAt + i] = up * above + down * below;
    }
  }
}
