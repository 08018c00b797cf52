package org.spike2former.tensor.cpu.vector.gradient;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.cpu.vector.VectorPanelsF32;
import org.spike2former.tensor.cpu.vector.VectorWidth;

/**
 * The inner loops of a dense layer's weight gradient, one for each width of panel: a tile of rows
 * (input channels under a tap) and 4, 2 or 1 vectors of output channels, whose sums stay in
 * registers over a block of pixels. See {@link VectorWeightGradientF32}.
 */
final class VectorWeightTileF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();

  /** Bytes of a row of a panel of 4, 2 and 1 vectors. */
  private static final int ROW_4 = 4 * VectorPanelsF32.VECTOR_BYTES;

  private static final int ROW_2 = 2 * VectorPanelsF32.VECTOR_BYTES;
  private static final int ROW_1 = VectorPanelsF32.VECTOR_BYTES;

  /** Rows of the tile of 4, 2 and 1 vectors. */
  static final int ROWS_4 = 6;

  static final int ROWS_2 = 6;
  static final int ROWS_1 = 12;

  private VectorWeightTileF32() {}

  /**
   * {@code out[place[r] + column + j] += Σ_p a[base[p] + offset[r]]·panel[p, j]} for the rows
   * first…first+rows, at most 6.
   *
   * @param panelAt byte where the gradients [pixels, 4·lanes] start
   */
  static void vectors4(
      float[] a,
      int[] base,
      int pixels,
      int[] offset,
      int first,
      int rows,
      MemorySegment panels,
      long panelAt,
      float[] out,
      int[] place,
      int column) {
    // Missing rows repeat the last one, and are not stored: the loop below has no branch.
    int last = first + rows - 1;
    int a0 = offset[first];
    int a1 = offset[Math.min(first + 1, last)];
    int a2 = offset[Math.min(first + 2, last)];
    int a3 = offset[Math.min(first + 3, last)];
    int a4 = offset[Math.min(first + 4, last)];
    int a5 = offset[Math.min(first + 5, last)];
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = s00;
    FloatVector s02 = s00;
    FloatVector s03 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s12 = s00;
    FloatVector s13 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s22 = s00;
    FloatVector s23 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    FloatVector s32 = s00;
    FloatVector s33 = s00;
    FloatVector s40 = s00;
    FloatVector s41 = s00;
    FloatVector s42 = s00;
    FloatVector s43 = s00;
    FloatVector s50 = s00;
    FloatVector s51 = s00;
    FloatVector s52 = s00;
    FloatVector s53 = s00;
    // aᵀ [6, pixels] · dy [pixels, 4·lanes]: the registers and loads of a product's tile, see
    // VectorTileF32, with pixels as the depth. The rows of a are read where they lie on the map,
    // through base and offset, so that none is copied for each tap.
    for (int p = 0; p < pixels; p++) {
      int pixel = base[p];
      long row = panelAt + (long) p * ROW_4;
      FloatVector w0 = VectorPanelsF32.vector(panels, row);
      FloatVector w1 = VectorPanelsF32.vector(panels, row + VectorPanelsF32.VECTOR_BYTES);
      FloatVector w2 = VectorPanelsF32.vector(panels, row + 2 * VectorPanelsF32.VECTOR_BYTES);
      FloatVector w3 = VectorPanelsF32.vector(panels, row + 3 * VectorPanelsF32.VECTOR_BYTES);
      FloatVector x = FloatVector.broadcast(SPECIES, a[pixel + a0]);
      s00 = x.fma(w0, s00);
      s01 = x.fma(w1, s01);
      s02 = x.fma(w2, s02);
      s03 = x.fma(w3, s03);
      x = FloatVector.broadcast(SPECIES, a[pixel + a1]);
      s10 = x.fma(w0, s10);
      s11 = x.fma(w1, s11);
      s12 = x.fma(w2, s12);
      s13 = x.fma(w3, s13);
      x = FloatVector.broadcast(SPECIES, a[pixel + a2]);
      s20 = x.fma(w0, s20);
      s21 = x.fma(w1, s21);
      s22 = x.fma(w2, s22);
      s23 = x.fma(w3, s23);
      x = FloatVector.broadcast(SPECIES, a[pixel + a3]);
      s30 = x.fma(w0, s30);
      s31 = x.fma(w1, s31);
      s32 = x.fma(w2, s32);
      s33 = x.fma(w3, s33);
      x = FloatVector.broadcast(SPECIES, a[pixel + a4]);
      s40 = x.fma(w0, s40);
      s41 = x.fma(w1, s41);
      s42 = x.fma(w2, s42);
      s43 = x.fma(w3, s43);
      x = FloatVector.broadcast(SPECIES, a[pixel + a5]);
      s50 = x.fma(w0, s50);
      s51 = x.fma(w1, s51);
      s52 = x.fma(w2, s52);
      s53 = x.fma(w3, s53);
    }
    int at = place[first] + column;
    add(out, at, s00);
    add(out, at + LANES, s01);
    add(out, at + 2 * LANES, s02);
    add(out, at + 3 * LANES, s03);
    if (rows > 1) {
      at = place[first + 1] + column;
      add(out, at, s10);
      add(out, at + LANES, s11);
      add(out, at + 2 * LANES, s12);
      add(out, at + 3 * LANES, s13);
    }
    if (rows > 2) {
      at = place[first + 2] + column;
      add(out, at, s20);
      add(out, at + LANES, s21);
      add(out, at + 2 * LANES, s22);
      add(out, at + 3 * LANES, s23);
    }
    if (rows > 3) {
      at = place[first + 3] + column;
      add(out, at, s30);
      add(out, at + LANES, s31);
      add(out, at + 2 * LANES, s32);
      add(out, at + 3 * LANES, s33);
    }
    if (rows > 4) {
      at = place[first + 4] + column;
      add(out, at, s40);
      add(out, at + LANES, s41);
      add(out, at + 2 * LANES, s42);
      add(out, at + 3 * LANES, s43);
    }
    if (rows > 5) {
      at = place[first + 5] + column;
      add(out, at, s50);
      add(out, at + LANES, s51);
      add(out, at + 2 * LANES, s52);
      add(out, at + 3 * LANES, s53);
    }
  }

  /** As {@link #vectors4}, for a panel of 2 vectors. */
  static void vectors2(
      float[] a,
      int[] base,
      int pixels,
      int[] offset,
      int first,
      int rows,
      MemorySegment panels,
      long panelAt,
      float[] out,
      int[] place,
      int column) {
    // Missing rows repeat the last one, and are not stored.
    int last = first + rows - 1;
    int a0 = offset[first];
    int a1 = offset[Math.min(first + 1, last)];
    int a2 = offset[Math.min(first + 2, last)];
    int a3 = offset[Math.min(first + 3, last)];
    int a4 = offset[Math.min(first + 4, last)];
    int a5 = offset[Math.min(first + 5, last)];
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    FloatVector s40 = s00;
    FloatVector s41 = s00;
    FloatVector s50 = s00;
    FloatVector s51 = s00;
    // aᵀ [6, pixels] · dy [pixels, 2·lanes]: 15 registers, for AVX2's 16.
    for (int p = 0; p < pixels; p++) {
      int pixel = base[p];
      long row = panelAt + (long) p * ROW_2;
      FloatVector w0 = VectorPanelsF32.vector(panels, row);
      FloatVector w1 = VectorPanelsF32.vector(panels, row + VectorPanelsF32.VECTOR_BYTES);
      FloatVector x = FloatVector.broadcast(SPECIES, a[pixel + a0]);
      s00 = x.fma(w0, s00);
      s01 = x.fma(w1, s01);
      x = FloatVector.broadcast(SPECIES, a[pixel + a1]);
      s10 = x.fma(w0, s10);
      s11 = x.fma(w1, s11);
      x = FloatVector.broadcast(SPECIES, a[pixel + a2]);
      s20 = x.fma(w0, s20);
      s21 = x.fma(w1, s21);
      x = FloatVector.broadcast(SPECIES, a[pixel + a3]);
      s30 = x.fma(w0, s30);
      s31 = x.fma(w1, s31);
      x = FloatVector.broadcast(SPECIES, a[pixel + a4]);
      s40 = x.fma(w0, s40);
      s41 = x.fma(w1, s41);
      x = FloatVector.broadcast(SPECIES, a[pixel + a5]);
      s50 = x.fma(w0, s50);
      s51 = x.fma(w1, s51);
    }
    int at = place[first] + column;
    add(out, at, s00);
    add(out, at + LANES, s01);
    if (rows > 1) {
      at = place[first + 1] + column;
      add(out, at, s10);
      add(out, at + LANES, s11);
    }
    if (rows > 2) {
      at = place[first + 2] + column;
      add(out, at, s20);
      add(out, at + LANES, s21);
    }
    if (rows > 3) {
      at = place[first + 3] + column;
      add(out, at, s30);
      add(out, at + LANES, s31);
    }
    if (rows > 4) {
      at = place[first + 4] + column;
      add(out, at, s40);
      add(out, at + LANES, s41);
    }
    if (rows > 5) {
      at = place[first + 5] + column;
      add(out, at, s50);
      add(out, at + LANES, s51);
    }
  }

  /** As {@link #vectors4}, for a panel of one vector, and 12 rows at most. */
  static void vectors1(
      float[] a,
      int[] base,
      int pixels,
      int[] offset,
      int first,
      int rows,
      MemorySegment panels,
      long panelAt,
      float[] out,
      int[] place,
      int column) {
    // Missing rows repeat the last one, and are not stored.
    int last = first + rows - 1;
    int a0 = offset[first];
    int a1 = offset[Math.min(first + 1, last)];
    int a2 = offset[Math.min(first + 2, last)];
    int a3 = offset[Math.min(first + 3, last)];
    int a4 = offset[Math.min(first + 4, last)];
    int a5 = offset[Math.min(first + 5, last)];
    int a6 = offset[Math.min(first + 6, last)];
    int a7 = offset[Math.min(first + 7, last)];
    int a8 = offset[Math.min(first + 8, last)];
    int a9 = offset[Math.min(first + 9, last)];
    int a10 = offset[Math.min(first + 10, last)];
    int a11 = offset[Math.min(first + 11, last)];
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s10 = s00;
    FloatVector s20 = s00;
    FloatVector s30 = s00;
    FloatVector s40 = s00;
    FloatVector s50 = s00;
    FloatVector s60 = s00;
    FloatVector s70 = s00;
    FloatVector s80 = s00;
    FloatVector s90 = s00;
    FloatVector s100 = s00;
    FloatVector s110 = s00;
    // aᵀ [12, pixels] · dy [pixels, lanes]: with one vector of columns, twice the rows keep as many
    // sums in flight.
    for (int p = 0; p < pixels; p++) {
      int pixel = base[p];
      long row = panelAt + (long) p * ROW_1;
      FloatVector w0 = VectorPanelsF32.vector(panels, row);
      FloatVector x = FloatVector.broadcast(SPECIES, a[pixel + a0]);
      s00 = x.fma(w0, s00);
      x = FloatVector.broadcast(SPECIES, a[pixel + a1]);
      s10 = x.fma(w0, s10);
      x = FloatVector.broadcast(SPECIES, a[pixel + a2]);
      s20 = x.fma(w0, s20);
      x = FloatVector.broadcast(SPECIES, a[pixel + a3]);
      s30 = x.fma(w0, s30);
      x = FloatVector.broadcast(SPECIES, a[pixel + a4]);
      s40 = x.fma(w0, s40);
      x = FloatVector.broadcast(SPECIES, a[pixel + a5]);
      s50 = x.fma(w0, s50);
      x = FloatVector.broadcast(SPECIES, a[pixel + a6]);
      s60 = x.fma(w0, s60);
      x = FloatVector.broadcast(SPECIES, a[pixel + a7]);
      s70 = x.fma(w0, s70);
      x = FloatVector.broadcast(SPECIES, a[pixel + a8]);
      s80 = x.fma(w0, s80);
      x = FloatVector.broadcast(SPECIES, a[pixel + a9]);
      s90 = x.fma(w0, s90);
      x = FloatVector.broadcast(SPECIES, a[pixel + a10]);
      s100 = x.fma(w0, s100);
      x = FloatVector.broadcast(SPECIES, a[pixel + a11]);
      s110 = x.fma(w0, s110);
    }
    int at = place[first] + column;
    add(out, at, s00);
    if (rows > 1) {
      at = place[first + 1] + column;
      add(out, at, s10);
    }
    if (rows > 2) {
      at = place[first + 2] + column;
      add(out, at, s20);
    }
    if (rows > 3) {
      at = place[first + 3] + column;
      add(out, at, s30);
    }
    if (rows > 4) {
      at = place[first + 4] + column;
      add(out, at, s40);
    }
    if (rows > 5) {
      at = place[first + 5] + column;
      add(out, at, s50);
    }
    if (rows > 6) {
      at = place[first + 6] + column;
      add(out, at, s60);
    }
    if (rows > 7) {
      at = place[first + 7] + column;
      add(out, at, s70);
    }
    if (rows > 8) {
      at = place[first + 8] + column;
      add(out, at, s80);
    }
    if (rows > 9) {
      at = place[first + 9] + column;
      add(out, at, s90);
    }
    if (rows > 10) {
      at = place[first + 10] + column;
      add(out, at, s100);
    }
    if (rows > 11) {
      at = place[first + 11] + column;
      add(out, at, s110);
    }
  }

  /** Adds a block of pixels' sums, which began at 0, to the gradient: see PIXEL_BLOCK. */
  private static void add(float[] out, int at, FloatVector sums) {
    FloatVector.fromArray(SPECIES, out, at).add(sums).intoArray(out, at);
  }
}
