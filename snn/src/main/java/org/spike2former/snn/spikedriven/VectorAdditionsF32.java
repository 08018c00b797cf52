package org.spike2former.snn.spikedriven;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.layer.Window;

/**
 * A dense weight layer on binary maps with the Vector API: the sums of up to 4 vectors of output
 * channels stay in registers while a pixel's ones add their rows of a stretch of weights, which
 * stays in the first-level cache for all pixels. Order and bits are those of {@link AdditionsF32}.
 * Numbers are only added here, as a test of the bytecode shows.
 */
final class VectorAdditionsF32 {
  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Backends.vectorBits()));

  private static final int LANES = SPECIES.length();
  private static final int VECTOR_BYTES = SPECIES.vectorByteSize();
  private static final int MOST_VECTORS = 4;
  private static final int CACHE_LINE = 64;

  /** Most rows of a stretch with 4, 2 and 1 vectors, less one; all take the same bytes. */
  private static final int LAST_4 = 128 - 1;

  private static final int LAST_2 = 2 * LAST_4 + 1;
  private static final int LAST_1 = 2 * LAST_2 + 1;

  /** Bytes of a row of a panel of 4, 2 and 1 vectors, and of a stretch of them. */
  private static final int ROW_4 = 4 * VECTOR_BYTES;

  private static final int ROW_2 = 2 * VECTOR_BYTES;
  private static final int ROW_1 = VECTOR_BYTES;
  private static final int BYTES_4 = (LAST_4 + 1) * ROW_4;
  private static final int BYTES_2 = (LAST_2 + 1) * ROW_2;
  private static final int BYTES_1 = (LAST_1 + 1) * ROW_1;

  /** −0, which changes no number that it is added to. */
  private static final float[] NONE = new float[LANES];

  static {
    Arrays.fill(NONE, -0.0f);
  }

  private final int rows;
  private final float[] bias;

  /** Panels of 4, 2 or 1 vectors of columns, each [row, width], on a cache line's boundary. */
  private final MemorySegment panels;

  /**
   * Lays out the weights.
   *
   * @param weights rows of output channels
   * @param bias of each output channel
   */
  VectorAdditionsF32(float[][] weights, float[] bias) {
    int padded = (bias.length + LANES - 1) / LANES * LANES;
    rows = weights.length;
    this.bias = new float[padded];
    System.arraycopy(bias, 0, this.bias, 0, bias.length);
    int bytes = Math.multiplyExact(Math.multiplyExact(padded, Float.BYTES), rows);
    // The last stretch may go past the weights, where it reads nothing.
    panels = Arena.ofAuto().allocate(Math.addExact(bytes, BYTES_4), CACHE_LINE);
    float[] row = new float[padded];
    for (int k = 0; k < rows; k++) {
      System.arraycopy(weights[k], 0, row, 0, bias.length);
      for (int column = 0; column < padded; ) {
        int vectors = vectors(padded - column);
        int at = at(column, k, vectors);
        for (int i = 0; i < vectors; i++) {
          FloatVector.fromArray(SPECIES, row, column + i * LANES)
              .intoMemorySegment(panels, at + i * VECTOR_BYTES, ByteOrder.nativeOrder());
        }
        column += vectors * LANES;
      }
    }
  }

  private static int vectors(int columnsLeft) {
    return Integer.highestOneBit(Math.min(MOST_VECTORS, columnsLeft / LANES));
  }

  /** Byte of a row in the panel that starts at a column. */
  private int at(int column, int row, int vectors) {
    return column * Float.BYTES * rows + row * vectors * VECTOR_BYTES;
  }

  /** Most rows of a stretch of a layer's weights. */
  static int stretch(int cout) {
    return switch (vectors(cout + LANES - 1)) {
      case 4 -> LAST_4 + 1;
      case 2 -> LAST_2 + 1;
      default -> LAST_1 + 1;
    };
  }

  /**
   * The output pixels from…to.
   *
   * @param ones by position if a stretch has all rows
   * @param out [pixels·cout]
   * @return additions done
   */
  long layer(VectorOnesLists ones, Window g, float[] out, int from, int to) {
    int step = bias.length;
    OnesRuns runs = new OnesRuns(ones, g, stretch(g.cout()));
    float[] sums = new float[OnesRuns.PIXELS * step];
    for (int p = from; p < to; p += OnesRuns.PIXELS) {
      int pixels = Math.min(OnesRuns.PIXELS, to - p);
      for (int i = 0; i < pixels; i++) {
        System.arraycopy(bias, 0, sums, i * step, step);
      }
      runs.move(p, pixels);
      while (runs.next()) {
        add(ones, runs, sums);
      }
      for (int i = 0; i < pixels; i++) {
        System.arraycopy(sums, i * step, out, (p + i) * g.cout(), g.cout());
      }
    }
    return runs.additions();
  }

  /** Adds one stretch of rows. */
  private void add(VectorOnesLists ones, OnesRuns runs, float[] sums) {
    int step = bias.length;
    for (int column = 0; column < step; ) {
      int vectors = vectors(step - column);
      int at = at(column, runs.firstRow(), vectors);
      switch (vectors) {
        case 4 -> vectors4(ones, runs, at, sums, column);
        case 2 -> vectors2(ones, runs, at, sums, column);
        default -> vectors1(ones, runs, at, sums, column);
      }
      column += vectors * LANES;
    }
  }

  private static FloatVector vector(MemorySegment weights, int at) {
    return FloatVector.fromMemorySegment(SPECIES, weights, at, ByteOrder.nativeOrder());
  }

  /**
   * Adds to each pixel's sums the rows of its run.
   *
   * <p>Whether the Vector API's calls become instructions depends on what the compiler knows of
   * their operands' types at the time. So the weights just read are what is added to, sums behind
   * the loop are added to what was loaded before they are stored, and the stretch of weights is as
   * long as the compiler knows, who then leaves out the checks of each vector. With 8 vectors it
   * has been seen to call the last one's methods instead, for as long as the process lived.
   *
   * @param at byte of the stretch in the panels
   * @param sumsAt the first pixel's sums
   */
  private void vectors4(VectorOnesLists ones, OnesRuns runs, int at, float[] sums, int sumsAt) {
    short[] entries = ones.entries();
    int step = bias.length;
    MemorySegment weights = panels.asSlice(at, BYTES_4);
    FloatVector none = FloatVector.fromArray(SPECIES, NONE, 0);
    for (int p = 0; p < runs.pixels(); p++) {
      int e = runs.begin()[p];
      int end = runs.end()[p];
      if (e == end) {
        continue;
      }
      int offset = runs.offset()[p];
      int sum = sumsAt + p * step;
      FloatVector s0 = FloatVector.fromArray(SPECIES, sums, sum);
      FloatVector s1 = FloatVector.fromArray(SPECIES, sums, sum + LANES);
      FloatVector s2 = FloatVector.fromArray(SPECIES, sums, sum + 2 * LANES);
      FloatVector s3 = FloatVector.fromArray(SPECIES, sums, sum + 3 * LANES);
      do {
        int row = (entries[e] + offset & LAST_4) * ROW_4;
        s0 = vector(weights, row).add(s0);
        s1 = vector(weights, row + VECTOR_BYTES).add(s1);
        s2 = vector(weights, row + 2 * VECTOR_BYTES).add(s2);
        s3 = vector(weights, row + 3 * VECTOR_BYTES).add(s3);
      } while (++e < end);
      none.add(s0).intoArray(sums, sum);
      none.add(s1).intoArray(sums, sum + LANES);
      none.add(s2).intoArray(sums, sum + 2 * LANES);
      none.add(s3).intoArray(sums, sum + 3 * LANES);
    }
  }

  /** As {@link #vectors4}, for a panel of 2 vectors. */
  private void vectors2(VectorOnesLists ones, OnesRuns runs, int at, float[] sums, int sumsAt) {
    short[] entries = ones.entries();
    int step = bias.length;
    MemorySegment weights = panels.asSlice(at, BYTES_2);
    FloatVector none = FloatVector.fromArray(SPECIES, NONE, 0);
    for (int p = 0; p < runs.pixels(); p++) {
      int e = runs.begin()[p];
      int end = runs.end()[p];
      if (e == end) {
        continue;
      }
      int offset = runs.offset()[p];
      int sum = sumsAt + p * step;
      FloatVector s0 = FloatVector.fromArray(SPECIES, sums, sum);
      FloatVector s1 = FloatVector.fromArray(SPECIES, sums, sum + LANES);
      do {
        int row = (entries[e] + offset & LAST_2) * ROW_2;
        s0 = vector(weights, row).add(s0);
        s1 = vector(weights, row + VECTOR_BYTES).add(s1);
      } while (++e < end);
      none.add(s0).intoArray(sums, sum);
      none.add(s1).intoArray(sums, sum + LANES);
    }
  }

  /** As {@link #vectors4}, for a panel of 1 vector. */
  private void vectors1(VectorOnesLists ones, OnesRuns runs, int at, float[] sums, int sumsAt) {
    short[] entries = ones.entries();
    int step = bias.length;
    MemorySegment weights = panels.asSlice(at, BYTES_1);
    FloatVector none = FloatVector.fromArray(SPECIES, NONE, 0);
    for (int p = 0; p < runs.pixels(); p++) {
      int e = runs.begin()[p];
      int end = runs.end()[p];
      if (e == end) {
        continue;
      }
      int offset = runs.offset()[p];
      int sum = sumsAt + p * step;
      FloatVector s0 = FloatVector.fromArray(SPECIES, sums, sum);
      do {
        int row = (entries[e] + offset & LAST_1) * ROW_1;
        s0 = vector(weights, row).add(s0);
      } while (++e < end);
      none.add(s0).intoArray(sums, sum);
    }
  }
}
