package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of a matrix product, one for each width of panel: a tile of 6 rows and 4 or 1
 * vectors of columns, or of 4 rows and 2 vectors, whose sums stay in registers over the whole
 * depth. See {@link VectorGemmF32}.
 *
 * <p>Each sum is a local variable and each width a method, written out: the compiler keeps vectors
 * in registers where it sees them as values, while those in an array are objects on the heap. The
 * same holds for all classes named after tiles, slides, sums and taps.
 */
final class VectorTileF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();

  /** Bytes of a row of a panel of 4, 2 and 1 vectors. */
  private static final int ROW_4 = 4 * VectorPanelsF32.VECTOR_BYTES;

  private static final int ROW_2 = 2 * VectorPanelsF32.VECTOR_BYTES;
  private static final int ROW_1 = VectorPanelsF32.VECTOR_BYTES;

  private VectorTileF32() {}

  /**
   * {@code out[r, j] = bias[j] + Σ_k a[r, k]·panel[k, j]} for r below {@code rows} (1…6).
   *
   * @param at where a's first row starts
   * @param step from one row of a to the next
   * @param depth terms of the sum
   * @param panelAt byte where the panel [depth, 4·lanes] starts
   * @param biasAt where the panel's biases start
   * @param outAt where the output's first row starts
   * @param outStep from one row of out to the next
   */
  static void vectors4(
      float[] a,
      int at,
      int step,
      int rows,
      int depth,
      MemorySegment panels,
      long panelAt,
      float[] bias,
      int biasAt,
      float[] out,
      int outAt,
      int outStep) {
    // Missing rows repeat the last one, and are not stored: the loop below has no branch.
    int a0 = at;
    int a1 = at + Math.min(1, rows - 1) * step;
    int a2 = at + Math.min(2, rows - 1) * step;
    int a3 = at + Math.min(3, rows - 1) * step;
    int a4 = at + Math.min(4, rows - 1) * step;
    int a5 = at + Math.min(5, rows - 1) * step;
    FloatVector s00 = FloatVector.fromArray(SPECIES, bias, biasAt);
    FloatVector s01 = FloatVector.fromArray(SPECIES, bias, biasAt + LANES);
    FloatVector s02 = FloatVector.fromArray(SPECIES, bias, biasAt + 2 * LANES);
    FloatVector s03 = FloatVector.fromArray(SPECIES, bias, biasAt + 3 * LANES);
    FloatVector s10 = s00;
    FloatVector s11 = s01;
    FloatVector s12 = s02;
    FloatVector s13 = s03;
    FloatVector s20 = s00;
    FloatVector s21 = s01;
    FloatVector s22 = s02;
    FloatVector s23 = s03;
    FloatVector s30 = s00;
    FloatVector s31 = s01;
    FloatVector s32 = s02;
    FloatVector s33 = s03;
    FloatVector s40 = s00;
    FloatVector s41 = s01;
    FloatVector s42 = s02;
    FloatVector s43 = s03;
    FloatVector s50 = s00;
    FloatVector s51 = s01;
    FloatVector s52 = s02;
    FloatVector s53 = s03;
    // a [6, depth] · panel [depth, 4·lanes]. 24 sums, 4 vectors of weights and a number of a take
    // 29 of 32 registers. 10 loads feed 24 multiply-adds, so those are the limit; the 24 chains do
    // not wait for each other. k ascends because the panel's rows are in canonical order.
    for (int k = 0; k < depth; k++) {
      long row = panelAt + (long) k * ROW_4;
      FloatVector w0 = VectorPanelsF32.vector(panels, row);
      FloatVector w1 = VectorPanelsF32.vector(panels, row + VectorPanelsF32.VECTOR_BYTES);
      FloatVector w2 = VectorPanelsF32.vector(panels, row + 2 * VectorPanelsF32.VECTOR_BYTES);
      FloatVector w3 = VectorPanelsF32.vector(panels, row + 3 * VectorPanelsF32.VECTOR_BYTES);
      FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + k]);
      s00 = x.fma(w0, s00);
      s01 = x.fma(w1, s01);
      s02 = x.fma(w2, s02);
      s03 = x.fma(w3, s03);
      x = FloatVector.broadcast(SPECIES, a[a1 + k]);
      s10 = x.fma(w0, s10);
      s11 = x.fma(w1, s11);
      s12 = x.fma(w2, s12);
      s13 = x.fma(w3, s13);
      x = FloatVector.broadcast(SPECIES, a[a2 + k]);
      s20 = x.fma(w0, s20);
      s21 = x.fma(w1, s21);
      s22 = x.fma(w2, s22);
      s23 = x.fma(w3, s23);
      x = FloatVector.broadcast(SPECIES, a[a3 + k]);
      s30 = x.fma(w0, s30);
      s31 = x.fma(w1, s31);
      s32 = x.fma(w2, s32);
      s33 = x.fma(w3, s33);
      x = FloatVector.broadcast(SPECIES, a[a4 + k]);
      s40 = x.fma(w0, s40);
      s41 = x.fma(w1, s41);
      s42 = x.fma(w2, s42);
      s43 = x.fma(w3, s43);
      x = FloatVector.broadcast(SPECIES, a[a5 + k]);
      s50 = x.fma(w0, s50);
      s51 = x.fma(w1, s51);
      s52 = x.fma(w2, s52);
      s53 = x.fma(w3, s53);
    }
    s00.intoArray(out, outAt);
    s01.intoArray(out, outAt + LANES);
    s02.intoArray(out, outAt + 2 * LANES);
    s03.intoArray(out, outAt + 3 * LANES);
    if (rows > 1) {
      s10.intoArray(out, outAt + outStep);
      s11.intoArray(out, outAt + outStep + LANES);
      s12.intoArray(out, outAt + outStep + 2 * LANES);
      s13.intoArray(out, outAt + outStep + 3 * LANES);
    }
    if (rows > 2) {
      s20.intoArray(out, outAt + 2 * outStep);
      s21.intoArray(out, outAt + 2 * outStep + LANES);
      s22.intoArray(out, outAt + 2 * outStep + 2 * LANES);
      s23.intoArray(out, outAt + 2 * outStep + 3 * LANES);
    }
    if (rows > 3) {
      s30.intoArray(out, outAt + 3 * outStep);
      s31.intoArray(out, outAt + 3 * outStep + LANES);
      s32.intoArray(out, outAt + 3 * outStep + 2 * LANES);
      s33.intoArray(out, outAt + 3 * outStep + 3 * LANES);
    }
    if (rows > 4) {
      s40.intoArray(out, outAt + 4 * outStep);
      s41.intoArray(out, outAt + 4 * outStep + LANES);
      s42.intoArray(out, outAt + 4 * outStep + 2 * LANES);
      s43.intoArray(out, outAt + 4 * outStep + 3 * LANES);
    }
    if (rows > 5) {
      s50.intoArray(out, outAt + 5 * outStep);
      s51.intoArray(out, outAt + 5 * outStep + LANES);
      s52.intoArray(out, outAt + 5 * outStep + 2 * LANES);
      s53.intoArray(out, outAt + 5 * outStep + 3 * LANES);
    }
  }

  /** As {@link #vectors4}, for a panel of 2 vectors and {@code rows} from 1 to 4. */
  static void vectors2(
      float[] a,
      int at,
      int step,
      int rows,
      int depth,
      MemorySegment panels,
      long panelAt,
      float[] bias,
      int biasAt,
      float[] out,
      int outAt,
      int outStep) {
    // Missing rows repeat the last one, and are not stored.
    int a0 = at;
    int a1 = at + Math.min(1, rows - 1) * step;
    int a2 = at + Math.min(2, rows - 1) * step;
    int a3 = at + Math.min(3, rows - 1) * step;
    FloatVector s00 = FloatVector.fromArray(SPECIES, bias, biasAt);
    FloatVector s01 = FloatVector.fromArray(SPECIES, bias, biasAt + LANES);
    FloatVector s10 = s00;
    FloatVector s11 = s01;
    FloatVector s20 = s00;
    FloatVector s21 = s01;
    FloatVector s30 = s00;
    FloatVector s31 = s01;
    // a [4, depth] · panel [depth, 2·lanes]: 8 sums, as many as hide a multiply-add's latency, 2
    // vectors of weights and 4 numbers of a, which the compiler loads first, fit in the 16
    // registers
    // of AVX2. With 6 rows it keeps sums in memory, and each multiply-add waits for a store.
    for (int k = 0; k < depth; k++) {
      long row = panelAt + (long) k * ROW_2;
      FloatVector w0 = VectorPanelsF32.vector(panels, row);
      FloatVector w1 = VectorPanelsF32.vector(panels, row + VectorPanelsF32.VECTOR_BYTES);
      FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + k]);
      s00 = x.fma(w0, s00);
      s01 = x.fma(w1, s01);
      x = FloatVector.broadcast(SPECIES, a[a1 + k]);
      s10 = x.fma(w0, s10);
      s11 = x.fma(w1, s11);
      x = FloatVector.broadcast(SPECIES, a[a2 + k]);
      s20 = x.fma(w0, s20);
      s21 = x.fma(w1, s21);
      x = FloatVector.broadcast(SPECIES, a[a3 + k]);
      s30 = x.fma(w0, s30);
      s31 = x.fma(w1, s31);
    }
    s00.intoArray(out, outAt);
    s01.intoArray(out, outAt + LANES);
    if (rows > 1) {
      s10.intoArray(out, outAt + outStep);
      s11.intoArray(out, outAt + outStep + LANES);
    }
    if (rows > 2) {
      s20.intoArray(out, outAt + 2 * outStep);
      s21.intoArray(out, outAt + 2 * outStep + LANES);
    }
    if (rows > 3) {
      s30.intoArray(out, outAt + 3 * outStep);
      s31.intoArray(out, outAt + 3 * outStep + LANES);
    }
  }

  /** As {@link #vectors4}, for a panel of one vector. */
  static void vectors1(
      float[] a,
      int at,
      int step,
      int rows,
      int depth,
      MemorySegment panels,
      long panelAt,
      float[] bias,
      int biasAt,
      float[] out,
      int outAt,
      int outStep) {
    // Missing rows repeat the last one, and are not stored.
    int a0 = at;
    int a1 = at + Math.min(1, rows - 1) * step;
    int a2 = at + Math.min(2, rows - 1) * step;
    int a3 = at + Math.min(3, rows - 1) * step;
    int a4 = at + Math.min(4, rows - 1) * step;
    int a5 = at + Math.min(5, rows - 1) * step;
    FloatVector s00 = FloatVector.fromArray(SPECIES, bias, biasAt);
    FloatVector s10 = s00;
    FloatVector s20 = s00;
    FloatVector s30 = s00;
    FloatVector s40 = s00;
    FloatVector s50 = s00;
    // a [6, depth] · panel [depth, lanes]: the last columns of a narrow or odd layer. 7 loads feed
    // 6 multiply-adds, so here loads are the limit.
    for (int k = 0; k < depth; k++) {
      long row = panelAt + (long) k * ROW_1;
      FloatVector w0 = VectorPanelsF32.vector(panels, row);
      FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + k]);
      s00 = x.fma(w0, s00);
      x = FloatVector.broadcast(SPECIES, a[a1 + k]);
      s10 = x.fma(w0, s10);
      x = FloatVector.broadcast(SPECIES, a[a2 + k]);
      s20 = x.fma(w0, s20);
      x = FloatVector.broadcast(SPECIES, a[a3 + k]);
      s30 = x.fma(w0, s30);
      x = FloatVector.broadcast(SPECIES, a[a4 + k]);
      s40 = x.fma(w0, s40);
      x = FloatVector.broadcast(SPECIES, a[a5 + k]);
      s50 = x.fma(w0, s50);
    }
    s00.intoArray(out, outAt);
    if (rows > 1) {
      s10.intoArray(out, outAt + outStep);
    }
    if (rows > 2) {
      s20.intoArray(out, outAt + 2 * outStep);
    }
    if (rows > 3) {
      s30.intoArray(out, outAt + 3 * outStep);
    }
    if (rows > 4) {
      s40.intoArray(out, outAt + 4 * outStep);
    }
    if (rows > 5) {
      s50.intoArray(out, outAt + 5 * outStep);
    }
  }
}
