package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.cpu.kernels.ShortPanels;
import org.spike2former.tensor.layer.FoldedLayer;

/**
 * A matrix [depth, columns] laid out for products: panels of 4, 2 or 1 vectors of columns, each
 * [depth, width] and filled up with zeros. It lies outside the heap on a cache line's boundary,
 * because a vector that crosses lines takes two loads, and kernels that skip zeros do a load for
 * each multiplication.
 */
public final class VectorPanelsF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();
  private static final int CACHE_LINE = 64;

  /** More than a panel's rows that any kernel makes a slice of. */
  private static final int SLACK = 1 << 15;

  public static final int VECTOR_BYTES = SPECIES.vectorByteSize();

  private static final float[] NONE = new float[LANES];

  static {
    Arrays.fill(NONE, -0f);
  }

  private VectorPanelsF32() {}

  /** Bytes of the panels of a matrix. */
  public static long bytes(int depth, int columns) {
    return (long) padded(columns) / LANES * VECTOR_BYTES * depth;
  }

  /** The number of columns with the last vector filled up. */
  public static int padded(int columns) {
    return (columns + LANES - 1) / LANES * LANES;
  }

  /**
   * Vectors in the panel that starts where this many (padded) columns are left: 4, 2 or 1, because
   * each width has inner loops of its own, with as many sums as registers hold.
   */
  public static int vectors(int columnsLeft) {
    return vectors(columnsLeft, VectorWidth.TILE_VECTORS);
  }

  /**
   * Vectors that are walked together, of one panel or several: a power of 2, {@code most} or less.
   */
  static int vectors(int columnsLeft, int most) {
    return Integer.highestOneBit(Math.min(most, columnsLeft / LANES));
  }

  /**
   * Bytes from the first vector of a row to the vectors 2·i and 2·i + 1, past which panels may have
   * changed.
   *
   * @param panelStep bytes from one panel to the next
   */
  static long pair(int i, long panelStep) {
    int pairs = VectorWidth.TILE_VECTORS / 2;
    return i / pairs * panelStep + i % pairs * 2L * VECTOR_BYTES;
  }

  /** Byte where the panel that starts at a column lies. */
  public static long offset(int depth, int column) {
    return (long) column / LANES * VECTOR_BYTES * depth;
  }

  /** One vector of a panel, at a byte. */
  public static FloatVector vector(MemorySegment panels, long at) {
    return FloatVector.fromMemorySegment(SPECIES, panels, at, ByteOrder.nativeOrder());
  }

  /**
   * A vector of −0, which changes no number that it is added to, loaded. A sum that is stored
   * behind a loop is added to it first: stored as it comes from the loop, C2 was seen, in some
   * processes, not to know it for a vector, and to call {@code intoArray} for as long as the
   * process lived, five to ten times as slow.
   */
  static FloatVector none() {
    return FloatVector.fromArray(SPECIES, NONE, 0);
  }

  /** Rounds a dense layer to this precision and lays it out in the order of accumulation. */
  static MemorySegment of(FoldedLayer folded) {
    int[] order = folded.order();
    int columns = folded.cout();
    MemorySegment out = Arena.ofAuto().allocate(bytes(order.length, columns) + SLACK, CACHE_LINE);
    double[] exact = new double[columns];
    float[] row = new float[padded(columns)];
    for (int k = 0; k < order.length; k++) {
      folded.row(order[k], exact);
      for (int j = 0; j < columns; j++) {
        row[j] = (float) exact[j];
      }
      setRow(out, order.length, k, row);
    }
    return out;
  }

  /** A dense layer of integers as real numbers. */
  public static MemorySegment of(ShortPanels shorts, int taps, int cin, int columns) {
    int depth = taps * cin;
    MemorySegment out = Arena.ofAuto().allocate(bytes(depth, columns) + SLACK, CACHE_LINE);
    float[] row = new float[padded(columns)];
    for (int k = 0; k < depth; k++) {
      VectorShortPanels.row(shorts, taps == 1, depth, columns, k, row);
      setRow(out, depth, k, row);
    }
    return out;
  }

  /** Stores row k, which has the padded number of columns. */
  public static void setRow(MemorySegment out, int depth, int k, float[] row) {
    for (int column = 0; column < row.length; ) {
      int vectors = vectors(row.length - column);
      long at = offset(depth, column) + (long) k * vectors * VECTOR_BYTES;
      for (int i = 0; i < vectors; i++) {
        FloatVector.fromArray(SPECIES, row, column + i * LANES)
            .intoMemorySegment(out, at + (long) i * VECTOR_BYTES, ByteOrder.nativeOrder());
      }
      column += vectors * LANES;
    }
  }
}
