package org.spike2former.tensor.cpu.vector.gradient;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.cpu.vector.VectorPanelsF32;
import org.spike2former.tensor.cpu.vector.VectorWidth;

/**
 * The inner loop of a dense layer's weight gradient for 12 rows (input channels under a tap) and 1
 * vector of output channels: 12 sums that stay in registers over a block of pixels. See {@link
 * VectorWeightGradientF32}.
 */
final class VectorWeightTile1F32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int ROW = VectorPanelsF32.VECTOR_BYTES;

  /** Rows of the tile. */
  static final int ROWS = 12;

  private VectorWeightTile1F32() {}

  /**
   * {@code out[place[r] + column + j] += Σ_p a[base[p] + offset[r]]·panel[p, j]} for the rows
   * first…first+rows, at most 12.
   *
   * @param panelAt byte where the gradients [pixels, 1·lanes] start
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
    for (int p = 0; p < pixels; p++) {
      int pixel = base[p];
      long row = panelAt + (long) p * ROW;
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

  private static void add(float[] out, int at, FloatVector sums) {
    FloatVector.fromArray(SPECIES, out, at).add(sums).intoArray(out, at);
  }
}
