package org.spike2former.tensor.cpu.vector.gradient;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.cpu.vector.VectorPanelsF32;
import org.spike2former.tensor.cpu.vector.VectorWidth;

/**
 * The inner loop of a dense layer's weight gradient for 6 rows (input channels under a tap) and 2
 * vectors of output channels: 12 sums that stay in registers over a block of pixels. See {@link
 * VectorWeightGradientF32}.
 */
final class VectorWeightTile2F32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();
  private static final int ROW = 2 * VectorPanelsF32.VECTOR_BYTES;

  /** Rows of the tile. */
  static final int ROWS = 6;

  private VectorWeightTile2F32() {}

  /**
   * {@code out[place[r] + column + j] += Σ_p a[base[p] + offset[r]]·panel[p, j]} for the rows
   * first…first+rows, at most 6.
   *
   * @param panelAt byte where the gradients [pixels, 2·lanes] start
   */
  static void run(
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
    for (int p = 0; p < pixels; p++) {
      int pixel = base[p];
      long row = panelAt + (long) p * ROW;
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

  private static void add(float[] out, int at, FloatVector sums) {
    FloatVector.fromArray(SPECIES, out, at).add(sums).intoArray(out, at);
  }
}
