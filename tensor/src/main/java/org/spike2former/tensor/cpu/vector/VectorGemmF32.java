package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.spike2former.tensor.cpu.kernels.ScratchF32;

/**
 * Matrix products with output columns in lanes. A panel of weights is used for a whole block of
 * rows while it is in the cache. Each output element is one chain of fused multiply-adds over the
 * depth, whatever the shape of its tile.
 */
public final class VectorGemmF32 {
  private static final int LANES = VectorWidth.F32.length();

  /** Rows of a tile: of one that is 2 vectors wide 4, all others 6. */
  private static final int TILE_ROWS = 6;

  private static final int NARROW_TILE_ROWS = 4;

  /** A multiple of both. */
  private static final int WHOLE_TILES = 12;

  /** Elements of a block of rows: half of a second-level cache of 1 MB, at 4 bytes each. */
  private static final int BLOCK = 1 << 17;

  private static final ScratchF32 EDGE = new ScratchF32();

  private VectorGemmF32() {}

  /** Rows that are best multiplied together. */
  static int blockRows(int depth) {
    return Math.clamp(BLOCK / depth, 2 * WHOLE_TILES, 32 * WHOLE_TILES) / WHOLE_TILES * WHOLE_TILES;
  }

  /**
   * {@code out[r, j] = bias[j] + Σ_k a[r, k]·w[k, j]}.
   *
   * @param a rows of {@code depth} elements one after the other, the first at {@code at}
   * @param panels w as {@link VectorPanelsF32} lays it out
   * @param bias of {@link VectorPanelsF32#padded} elements
   * @param out rows of {@code columns} elements one after the other, the first at {@code outAt}
   */
  public static void multiply(
      float[] a,
      int at,
      int rows,
      int depth,
      MemorySegment panels,
      float[] bias,
      int columns,
      float[] out,
      int outAt) {
    // out [rows, columns] = a [rows, depth] · w [depth, columns], panels of columns outside and
    // rows inside: a panel is fetched once for all rows. Each panel reads the rows again, so that
    // layers pass as many as stay in the second-level cache.
    for (int column = 0; column < columns; ) {
      int vectors = VectorPanelsF32.vectors(VectorPanelsF32.padded(columns) - column);
      int width = vectors * LANES;
      // Rows of out touch each other, so that a vector past the last column would write into the
      // next row: such a panel's tiles go to a small array first.
      boolean whole = column + width <= columns;
      float[] target = whole ? out : EDGE.atLeast(TILE_ROWS * width);
      int targetStep = whole ? columns : width;
      int tileRows = vectors == 2 ? NARROW_TILE_ROWS : TILE_ROWS;
      for (int row = 0; row < rows; row += tileRows) {
        int n = Math.min(tileRows, rows - row);
        int from = at + row * depth;
        int to = outAt + row * columns + column;
        int targetAt = whole ? to : 0;
        long panel = VectorPanelsF32.offset(depth, column);
        switch (vectors) {
          case 4 ->
              VectorTileF32.vectors4(
                  a,
                  from,
                  depth,
                  n,
                  depth,
                  panels,
                  panel,
                  bias,
                  column,
                  target,
                  targetAt,
                  targetStep);
          case 2 ->
              VectorTileF32.vectors2(
                  a,
                  from,
                  depth,
                  n,
                  depth,
                  panels,
                  panel,
                  bias,
                  column,
                  target,
                  targetAt,
                  targetStep);
          default ->
              VectorTileF32.vectors1(
                  a,
                  from,
                  depth,
                  n,
                  depth,
                  panels,
                  panel,
                  bias,
                  column,
                  target,
                  targetAt,
                  targetStep);
        }
        if (!whole) {
          for (int r = 0; r < n; r++) {
            System.arraycopy(target, r * width, out, to + r * columns, columns - column);
          }
        }
      }
      column += width;
    }
  }
}
