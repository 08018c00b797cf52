package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.NativeScratch;
import org.spike2former.tensor.cpu.kernels.PackedF32;
import org.spike2former.tensor.cpu.kernels.ScratchF32;
import org.spike2former.tensor.layer.FoldedLayer;
import org.spike2former.tensor.layer.Window;

/**
 * Depthwise convolution with channels in lanes, several output pixels of a row at a time. The input
 * rows under the window stand in a ring of scratch rows, laid out [block of lanes, column, lane]
 * with zeros around the map. Each multiplication loads a vector of it, so it lies on cache lines.
 */
final class VectorDepthwiseF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();
  private static final long VECTOR_BYTES = SPECIES.vectorByteSize();

  /** Output pixels whose sums stay in registers together, and share a vector of weights. */
  private static final int TILE = 8;

  /** Elements of the ring: half of a second-level cache of 1 MB, at 4 bytes each. */
  private static final int RING = 1 << 17;

  private static final NativeScratch RINGS = new NativeScratch();
  private static final ScratchF32 LINES = new ScratchF32();

  private VectorDepthwiseF32() {}

  /** Weights [block of lanes, tap, lane] and bias, the last block filled up with zeros. */
  static PackedF32 pack(FoldedLayer folded) {
    int channels = folded.cout();
    int taps = folded.taps();
    int padded = VectorPanelsF32.padded(channels);
    float[] weights = new float[padded * taps];
    double[] row = new double[channels];
    for (int tap = 0; tap < taps; tap++) {
      folded.row(tap, row);
      for (int c = 0; c < channels; c++) {
        weights[(c / LANES * taps + tap) * LANES + c % LANES] = (float) row[c];
      }
    }
    float[] bias = PackedF32.bias(folded, padded);
    return new PackedF32(true, channels, channels, taps, weights, null, null, bias);
  }

  static void depthwise(
      Tensor x, Window g, PackedF32 packed, float[] out, int outBase, int from, int to) {
    int padded = VectorPanelsF32.padded(g.cout());
    int columns = RING / (g.kh() * padded);
    int strip = Math.clamp((columns - g.kw()) / g.stride() + 1, 2 * TILE, 32 * TILE);
    // A wide map is cut into strips, so that the ring of one strip's rows, [kh, block of lanes,
    // column, lane], stays in the second-level cache from one output row to the next.
    for (int left = 0; left < g.ow(); left += strip) {
      new Strip(x, g, packed, left, Math.min(strip, g.ow() - left)).run(out, outBase, from, to);
    }
  }

  /** The output columns left…left+width. */
  private static final class Strip {
    private final Tensor x;
    private final Window g;
    private final PackedF32 packed;
    private final int left;
    private final int width;

    /** Input columns under the strip. */
    private final int columns;

    private final int blocks;
    private final MemorySegment ring;
    private final float[] line;
    private final float[] edge = new float[TILE * LANES];

    /** Byte where the ring holds the input of each tap, for output column 0 and block 0. */
    private final long[] tapAt;

    Strip(Tensor x, Window g, PackedF32 packed, int left, int width) {
      this.x = x;
      this.g = g;
      this.packed = packed;
      this.left = left;
      this.width = width;
      columns = (width - 1) * g.stride() + g.kw();
      blocks = VectorPanelsF32.padded(g.cout()) / LANES;
      ring = RINGS.atLeast(g.kh() * blocks * columns * VECTOR_BYTES);
      line = LINES.atLeast(columns * g.cout());
      tapAt = new long[g.kh() * g.kw()];
    }

    void run(float[] out, int outBase, int from, int to) {
      int loaded = 0; // the first row of the map that the ring has not seen yet
      for (int row = from; row < to; row++) {
        int n = row / g.oh();
        int y = row % g.oh();
        int top = y * g.stride() - g.pad();
        if (row == from || y == 0) {
          loaded = top;
        }
        // Windows of two output rows overlap: each input row is made real once, not kh times.
        for (loaded = Math.max(loaded, top); loaded < top + g.kh(); loaded++) {
          load(n, loaded);
        }
        // The ring turns with each row, and with it the places of the taps.
        for (int tap = 0; tap < tapAt.length; tap++) {
          tapAt[tap] = ringAt(top + tap / g.kw(), 0) + tap % g.kw() * VECTOR_BYTES;
        }
        convolve(out, outBase + (row * g.ow() + left) * g.cout());
      }
    }

    private long ringAt(int y, int block) {
      return (Math.floorMod(y, g.kh()) * blocks + block) * columns * VECTOR_BYTES;
    }

    private void zero(long row, int fromColumn, int toColumn) {
      ring.asSlice(row + fromColumn * VECTOR_BYTES, (toColumn - fromColumn) * VECTOR_BYTES)
          .fill((byte) 0);
    }

    private void load(int n, int y) {
      int channels = g.cout();
      int firstColumn = left * g.stride() - g.pad();
      int first = Math.clamp(-firstColumn, 0, columns);
      int last = Math.clamp(g.w() - firstColumn, first, columns);
      boolean outside = y < 0 || y >= g.h() || first == last;
      float[] source = line;
      int at = -first * channels;
      if (!outside) {
        int start = ((n * g.h() + y) * g.w() + firstColumn + first) * channels;
        if (x.dtype() == DType.SPIKES) {
          VectorBytes.widen(x.bytes(), start, line, 0, (last - first) * channels);
        } else {
          source = x.floats();
          at = start - first * channels;
        }
      }
      for (int block = 0; block < blocks; block++) {
        long to = ringAt(y, block);
        if (outside) {
          zero(to, 0, columns);
        } else {
          zero(to, 0, first);
          zero(to, last, columns);
          spread(source, at + block * LANES, to, first, last, channels - block * LANES);
        }
      }
    }

    private void spread(float[] source, int at, long to, int first, int last, int channelsLeft) {
      int channels = g.cout();
      if (channelsLeft >= LANES) {
        // From [column, channel] to [column, lane]: reads a pixel apart, writes in order.
        for (int i = first; i < last; i++) {
          store(source, at + i * channels, to + i * VECTOR_BYTES);
        }
      } else {
        float[] filledUp = new float[LANES];
        for (int i = first; i < last; i++) {
          System.arraycopy(source, at + i * channels, filledUp, 0, channelsLeft);
          store(filledUp, 0, to + i * VECTOR_BYTES);
        }
      }
    }

    private void store(float[] source, int at, long to) {
      FloatVector.fromArray(SPECIES, source, at)
          .intoMemorySegment(ring, to, ByteOrder.nativeOrder());
    }

    /** One row of the strip. */
    private void convolve(float[] out, int outAt) {
      int channels = g.cout();
      // Tiles need neighbouring inputs one vector apart, at fixed offsets from the first.
      int tile = width < TILE || g.stride() != 1 ? 1 : TILE;
      for (int block = 0; block < blocks; block++) {
        for (int i = 0; i < width; i += tile) {
          int first = Math.min(i, width - tile); // the last tile may do some pixels again
          long in = ((long) block * columns + first * g.stride()) * VECTOR_BYTES;
          int to = outAt + first * channels + block * LANES;
          int channelsLeft = channels - block * LANES;
          if (channelsLeft >= LANES) {
            convolve(tile, in, block, out, to, channels);
          } else {
            convolve(tile, in, block, edge, 0, LANES);
            for (int p = 0; p < tile; p++) {
              System.arraycopy(edge, p * LANES, out, to + p * channels, channelsLeft);
            }
          }
        }
      }
    }

    private void convolve(int tile, long in, int block, float[] out, int outAt, int outStep) {
      if (tile == 1) {
        one(in, block, out, outAt);
      } else {
        tile(in, block, out, outAt, outStep);
      }
    }

    /** One output pixel, whose first input stands {@code column} behind the taps' places. */
    private void one(long column, int block, float[] out, int outAt) {
      MemorySegment in = ring;
      float[] weights = packed.weights();
      long[] taps = tapAt;
      int weightAt = block * taps.length * LANES;
      FloatVector sum = FloatVector.fromArray(SPECIES, packed.bias(), block * LANES);
      // One chain: each multiply-add waits for the one before, and two loads feed it.
      for (int tap = 0; tap < taps.length; tap++) {
        sum =
            FloatVector.fromArray(SPECIES, weights, weightAt + tap * LANES)
                .fma(VectorPanelsF32.vector(in, taps[tap] + column), sum);
      }
      VectorPanelsF32.none().add(sum).intoArray(out, outAt);
    }

    /** {@link #TILE} output pixels at stride 1. */
    private void tile(long column, int block, float[] out, int outAt, int outStep) {
      MemorySegment in = ring;
      float[] weights = packed.weights();
      long[] taps = tapAt;
      int weightAt = block * taps.length * LANES;
      FloatVector s0 = FloatVector.fromArray(SPECIES, packed.bias(), block * LANES);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      FloatVector s4 = s0;
      FloatVector s5 = s0;
      FloatVector s6 = s0;
      FloatVector s7 = s0;
      // weights [tap, lanes], input [tap, 8 columns, lanes]. Each multiply-add loads a vector of
      // the input, so loads are the limit; 8 chains share each load of weights and do not wait for
      // each other.
      for (int tap = 0; tap < taps.length; tap++) {
        FloatVector w = FloatVector.fromArray(SPECIES, weights, weightAt + tap * LANES);
        long i = taps[tap] + column;
        s0 = w.fma(VectorPanelsF32.vector(in, i), s0);
        s1 = w.fma(VectorPanelsF32.vector(in, i + VECTOR_BYTES), s1);
        s2 = w.fma(VectorPanelsF32.vector(in, i + 2 * VECTOR_BYTES), s2);
        s3 = w.fma(VectorPanelsF32.vector(in, i + 3 * VECTOR_BYTES), s3);
        s4 = w.fma(VectorPanelsF32.vector(in, i + 4 * VECTOR_BYTES), s4);
        s5 = w.fma(VectorPanelsF32.vector(in, i + 5 * VECTOR_BYTES), s5);
        s6 = w.fma(VectorPanelsF32.vector(in, i + 6 * VECTOR_BYTES), s6);
        s7 = w.fma(VectorPanelsF32.vector(in, i + 7 * VECTOR_BYTES), s7);
      }
      FloatVector none = VectorPanelsF32.none();
      none.add(s0).intoArray(out, outAt);
      none.add(s1).intoArray(out, outAt + outStep);
      none.add(s2).intoArray(out, outAt + 2 * outStep);
      none.add(s3).intoArray(out, outAt + 3 * outStep);
      none.add(s4).intoArray(out, outAt + 4 * outStep);
      none.add(s5).intoArray(out, outAt + 5 * outStep);
      none.add(s6).intoArray(out, outAt + 6 * outStep);
      none.add(s7).intoArray(out, outAt + 7 * outStep);
    }
  }
}
