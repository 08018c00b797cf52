package org.spike2former.tensor.cpu.vector.gradient;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.GradientKernelsF32;
import org.spike2former.tensor.cpu.kernels.NativeScratch;
import org.spike2former.tensor.cpu.kernels.ScratchF32;
import org.spike2former.tensor.cpu.vector.VectorBytes;
import org.spike2former.tensor.cpu.vector.VectorDepthwiseTapsF32;
import org.spike2former.tensor.cpu.vector.VectorPanelsF32;
import org.spike2former.tensor.cpu.vector.VectorWidth;
import org.spike2former.tensor.layer.Window;

/**
 * Weight gradients of depthwise layers with channels in lanes, a row of output pixels at a time.
 * The input rows under the window stand in a ring of scratch rows, laid out [block of lanes,
 * column, lane] with zeros around the map; so does the row of gradients.
 */
public final class VectorDepthwiseGradientF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();
  private static final long STEP = VectorPanelsF32.VECTOR_BYTES;
  private static final int PIXEL_BLOCK = GradientKernelsF32.PIXEL_BLOCK;

  private static final NativeScratch RINGS = new NativeScratch();
  private static final NativeScratch GRADIENTS = new NativeScratch();
  private static final ScratchF32 LINES = new ScratchF32();
  private static final ScratchF32 SUMS = new ScratchF32();

  private final Tensor x;
  private final Window g;

  /** First channel, and how many. */
  private final int first;

  private final int channels;
  private final int blocks;

  /** Input columns under an output row. */
  private final int columns;

  private final MemorySegment ring;
  private final MemorySegment gradients;
  private final float[] line;

  /** [block of lanes, tap, lane]: sums of the block of pixels at hand. */
  private final float[] sums;

  private VectorDepthwiseGradientF32(Tensor x, Window g, int from, int to) {
    this.x = x;
    this.g = g;
    first = from;
    channels = to - from;
    blocks = VectorPanelsF32.padded(channels) / LANES;
    columns = (g.ow() - 1) * g.stride() + g.kw();
    ring = RINGS.atLeast(g.kh() * blocks * columns * STEP);
    gradients = GRADIENTS.atLeast(blocks * g.ow() * STEP);
    line = LINES.atLeast(Math.max(g.w(), g.ow()) * channels);
    sums = SUMS.atLeast(blocks * taps() * LANES);
  }

  /** See {@link GradientKernelsF32#depthwiseWeights}. */
  static void depthwise(Tensor x, Window g, float[] dy, float[] out, int from, int to) {
    new VectorDepthwiseGradientF32(x, g, from, to).run(dy, out);
  }

  private int taps() {
    return g.kh() * g.kw();
  }

  private void run(float[] dy, float[] out) {
    for (int tap = 0; tap < taps(); tap++) {
      int at = tap * g.cout() + first;
      Arrays.fill(out, at, at + channels, 0f);
    }
    Arrays.fill(sums, 0, blocks * taps() * LANES, 0f);
    int loaded = 0; // the first row of the map that the ring has not seen yet
    for (int row = 0; row < g.n() * g.oh(); row++) {
      int top = row % g.oh() * g.stride() - g.pad();
      loaded = row % g.oh() == 0 ? top : Math.max(loaded, top);
      for (; loaded < top + g.kh(); loaded++) {
        load(row / g.oh(), loaded);
      }
      copyPixels(dy, row * g.ow() * g.cout(), g.ow());
      spread(gradients, 0, g.ow(), 0, g.ow());
      int p = row * g.ow();
      for (int i = 0; i < g.ow(); ) {
        // A row is cut where a block of pixels ends, because the blocks are summed one by one.
        int pixels = Math.min(g.ow() - i, PIXEL_BLOCK - (p + i) % PIXEL_BLOCK);
        for (int block = 0; block < blocks; block++) {
          add(top, block, i, pixels);
        }
        i += pixels;
        if ((p + i) % PIXEL_BLOCK == 0 || p + i == g.outPixels()) {
          flush(out);
        }
      }
    }
  }

  /** Where an input row of a block of lanes stands in the ring. */
  private long ringAt(int y, int block) {
    return (Math.floorMod(y, g.kh()) * blocks + block) * columns * STEP;
  }

  private void load(int n, int y) {
    int begin = Math.min(g.pad(), columns);
    int end = Math.clamp(g.w() + g.pad(), begin, columns);
    boolean outside = y < 0 || y >= g.h();
    if (!outside) {
      int at = (n * g.h() + y) * g.w() * g.cin();
      if (x.dtype() == DType.SPIKES) {
        widenPixels(at, end - begin);
      } else {
        copyPixels(x.floats(), at, end - begin);
      }
      spread(ring, ringAt(y, 0), columns, begin, end);
    }
    for (int block = 0; block < blocks; block++) {
      MemorySegment row = ring.asSlice(ringAt(y, block), columns * STEP);
      if (outside) {
        row.fill((byte) 0);
      } else {
        row.asSlice(0, begin * STEP).fill((byte) 0);
        row.asSlice(end * STEP).fill((byte) 0);
      }
    }
  }

  private void widenPixels(int at, int pixels) {
    byte[] in = x.bytes();
    if (channels == g.cin()) {
      VectorBytes.widen(in, at, line, 0, pixels * channels);
    } else {
      for (int i = 0; i < pixels; i++) {
        VectorBytes.widen(in, at + i * g.cin() + first, line, i * channels, channels);
      }
    }
  }

  private void copyPixels(float[] in, int at, int pixels) {
    if (channels == g.cin()) {
      System.arraycopy(in, at, line, 0, pixels * channels);
    } else {
      for (int i = 0; i < pixels; i++) {
        System.arraycopy(in, at + i * g.cin() + first, line, i * channels, channels);
      }
    }
  }

  /** The line's pixels to the columns begin…end of rows [block of lanes, width, lane]. */
  private void spread(MemorySegment out, long at, int width, int begin, int end) {
    for (int block = 0; block < blocks; block++) {
      long to = at + block * width * STEP;
      int channelsLeft = channels - block * LANES;
      for (int i = begin; i < end; i++) {
        int from = (i - begin) * channels + block * LANES;
        vector(from, channelsLeft).intoMemorySegment(out, to + i * STEP, ByteOrder.nativeOrder());
      }
    }
  }

  /** A vector of the line, 0 in the lanes past the last channel. */
  private FloatVector vector(int at, int channelsLeft) {
    return channelsLeft >= LANES
        ? FloatVector.fromArray(SPECIES, line, at)
        : FloatVector.fromArray(SPECIES, line, at, SPECIES.indexInRange(0, channelsLeft));
  }

  /** Adds the products of the output columns i…i+pixels to the sums of a block of lanes. */
  private void add(int top, int block, int i, int pixels) {
    long dyAt = (block * g.ow() + i) * STEP;
    long column = i * g.stride() * STEP;
    int at = block * taps() * LANES;
    // The usual windows have loops with a register for each sum; others go tap by tap.
    if (g.stride() == 1 && g.kh() == 3 && g.kw() == 3) {
      long row0 = ringAt(top, block) + column;
      long row1 = ringAt(top + 1, block) + column;
      long row2 = ringAt(top + 2, block) + column;
      VectorDepthwiseTapsF32.window3(ring, row0, row1, row2, gradients, dyAt, pixels, sums, at);
      return;
    }
    for (int r = 0; r < g.kh(); r++) {
      long row = ringAt(top + r, block) + column;
      int rowAt = at + r * g.kw() * LANES;
      if (g.stride() == 1 && g.kw() == 5) {
        VectorDepthwiseTapsF32.row5(ring, row, gradients, dyAt, pixels, sums, rowAt);
      } else if (g.stride() == 1 && g.kw() == 7) {
        VectorDepthwiseTapsF32.row7(ring, row, gradients, dyAt, pixels, sums, rowAt);
      } else {
        for (int c = 0; c < g.kw(); c++) {
          long in = row + c * STEP;
          long next = g.stride() * STEP;
          VectorDepthwiseTapsF32.tap(
              ring, in, next, gradients, dyAt, pixels, sums, rowAt + c * LANES);
        }
      }
    }
  }

  /** Adds the sums of a block of pixels to the gradient. */
  private void flush(float[] out) {
    for (int block = 0; block < blocks; block++) {
      int width = Math.min(LANES, channels - block * LANES);
      for (int tap = 0; tap < taps(); tap++) {
        int at = (block * taps() + tap) * LANES;
        int outAt = tap * g.cout() + first + block * LANES;
        for (int c = 0; c < width; c++) {
          out[outAt + c] += sums[at + c];
        }
      }
    }
    Arrays.fill(sums, 0, blocks * taps() * LANES, 0f);
  }
}
