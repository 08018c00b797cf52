package org.spike2former.tensor.cpu;

import jdk.incubator.vector.VectorSpecies;

/**
 * Matrix products with output columns in lanes. Weights stand in panels of 4, 2 or 1 vectors of
 * columns, each panel [depth, width] and filled up with zeros; a panel is used for a whole block of
 * rows while it is in the cache. Each output element is one chain of fused multiply-adds over the
 * depth, whatever the shape of its tile.
 */
final class VectorGemmF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();
  private static final int TILE_ROWS = 6;

  /** Elements of a block of rows: what half of a second-level cache holds. */
  private static final int BLOCK = 1 << 17;

  private static final ScratchF32 EDGE = new ScratchF32();

  private VectorGemmF32() {}

  /** Rows that are best multiplied together. */
  static int blockRows(int depth) {
    return Math.clamp(BLOCK / depth, 4 * TILE_ROWS, 64 * TILE_ROWS) / TILE_ROWS * TILE_ROWS;
  }

  /** Rounds the matrix [depth, columns] to this precision and lays it out in panels. */
  @SuppressWarnings("cast") // the float64 twin casts double to double
  static float[] panels(double[] matrix, int depth, int columns) {
    int padded = paddedColumns(columns);
    float[] panels = new float[Math.multiplyExact(padded, depth)];
    for (int column = 0; column < padded; ) {
      int width = panelVectors(padded - column) * LANES;
      int used = Math.min(width, columns - column);
      for (int k = 0; k < depth; k++) {
        for (int j = 0; j < used; j++) {
          panels[column * depth + k * width + j] = (float) matrix[k * columns + column + j];
        }
      }
      column += width;
    }
    return panels;
  }

  /** The number of columns with the last vector filled up. */
  static int paddedColumns(int columns) {
    return (columns + LANES - 1) / LANES * LANES;
  }

  private static int panelVectors(int columnsLeft) {
    int vectors = Math.min(VectorWidth.TILE_VECTORS, columnsLeft / LANES);
    return Integer.highestOneBit(vectors);
  }

  /**
   * {@code out[r, j] = bias[j] + Σ_k a[r, k]·w[k, j]}.
   *
   * @param a rows of {@code depth} elements one after the other, the first at {@code at}
   * @param panels w as {@link #panels} lays it out
   * @param bias of {@link #paddedColumns} elements
   * @param out rows of {@code columns} elements one after the other, the first at {@code outAt}
   */
  static void multiply(
      float[] a,
      int at,
      int rows,
      int depth,
      float[] panels,
      float[] bias,
      int columns,
      float[] out,
      int outAt) {
    for (int column = 0; column < columns; ) {
      int vectors = panelVectors(paddedColumns(columns) - column);
      int width = vectors * LANES;
      boolean whole = column + width <= columns;
      float[] target = whole ? out : EDGE.atLeast(TILE_ROWS * width);
      int targetStep = whole ? columns : width;
      for (int row = 0; row < rows; row += TILE_ROWS) {
        int n = Math.min(TILE_ROWS, rows - row);
        int from = at + row * depth;
        int to = outAt + row * columns + column;
        int targetAt = whole ? to : 0;
        int panel = column * depth;
        switch (vectors) {
          case 4 ->
              VectorTile4F32.run(
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
              VectorTile2F32.run(
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
              VectorTile1F32.run(
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
