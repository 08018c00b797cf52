package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.cpu.vector.gradient.VectorDepthwiseGradientF32;

/**
 * The inner loops of a depthwise layer's weight gradient: sums of several taps stay in registers
 * while a row of output pixels goes by. Inputs and gradients are rows [column, lanes] on vector
 * boundaries. See {@link VectorDepthwiseGradientF32}.
 */
public final class VectorDepthwiseTapsF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();
  private static final long STEP = VectorPanelsF32.VECTOR_BYTES;

  private VectorDepthwiseTapsF32() {}

  /** 3×3 taps at stride 1, whose input rows start at the bytes row0…row2. */
  public static void window3(
      MemorySegment in,
      long row0,
      long row1,
      long row2,
      MemorySegment dy,
      long dyAt,
      int pixels,
      float[] sums,
      int at) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector s1 = FloatVector.fromArray(SPECIES, sums, at + LANES);
    FloatVector s2 = FloatVector.fromArray(SPECIES, sums, at + 2 * LANES);
    FloatVector s3 = FloatVector.fromArray(SPECIES, sums, at + 3 * LANES);
    FloatVector s4 = FloatVector.fromArray(SPECIES, sums, at + 4 * LANES);
    FloatVector s5 = FloatVector.fromArray(SPECIES, sums, at + 5 * LANES);
    FloatVector s6 = FloatVector.fromArray(SPECIES, sums, at + 6 * LANES);
    FloatVector s7 = FloatVector.fromArray(SPECIES, sums, at + 7 * LANES);
    FloatVector s8 = FloatVector.fromArray(SPECIES, sums, at + 8 * LANES);
    // dy [pixels, lanes], in [3 rows, pixels + 2, lanes]: a load of dy is shared by 9 taps, each of
    // which loads its input, so loads are the limit. 9 sums and dy fit in 16 registers.
    for (int p = 0; p < pixels; p++) {
      long step = p * STEP;
      FloatVector g = VectorPanelsF32.vector(dy, dyAt + step);
      s0 = g.fma(VectorPanelsF32.vector(in, row0 + step), s0);
      s1 = g.fma(VectorPanelsF32.vector(in, row0 + step + STEP), s1);
      s2 = g.fma(VectorPanelsF32.vector(in, row0 + step + 2 * STEP), s2);
      s3 = g.fma(VectorPanelsF32.vector(in, row1 + step), s3);
      s4 = g.fma(VectorPanelsF32.vector(in, row1 + step + STEP), s4);
      s5 = g.fma(VectorPanelsF32.vector(in, row1 + step + 2 * STEP), s5);
      s6 = g.fma(VectorPanelsF32.vector(in, row2 + step), s6);
      s7 = g.fma(VectorPanelsF32.vector(in, row2 + step + STEP), s7);
      s8 = g.fma(VectorPanelsF32.vector(in, row2 + step + 2 * STEP), s8);
    }
    s0.intoArray(sums, at);
    s1.intoArray(sums, at + LANES);
    s2.intoArray(sums, at + 2 * LANES);
    s3.intoArray(sums, at + 3 * LANES);
    s4.intoArray(sums, at + 4 * LANES);
    s5.intoArray(sums, at + 5 * LANES);
    s6.intoArray(sums, at + 6 * LANES);
    s7.intoArray(sums, at + 7 * LANES);
    s8.intoArray(sums, at + 8 * LANES);
  }

  /** A row of 5 taps at stride 1. */
  public static void row5(
      MemorySegment in, long row, MemorySegment dy, long dyAt, int pixels, float[] sums, int at) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector s1 = FloatVector.fromArray(SPECIES, sums, at + LANES);
    FloatVector s2 = FloatVector.fromArray(SPECIES, sums, at + 2 * LANES);
    FloatVector s3 = FloatVector.fromArray(SPECIES, sums, at + 3 * LANES);
    FloatVector s4 = FloatVector.fromArray(SPECIES, sums, at + 4 * LANES);
    // A row of taps at a time: 25 sums at once would not fit in 16 registers.
    for (int p = 0; p < pixels; p++) {
      long step = p * STEP;
      FloatVector g = VectorPanelsF32.vector(dy, dyAt + step);
      s0 = g.fma(VectorPanelsF32.vector(in, row + step), s0);
      s1 = g.fma(VectorPanelsF32.vector(in, row + step + STEP), s1);
      s2 = g.fma(VectorPanelsF32.vector(in, row + step + 2 * STEP), s2);
      s3 = g.fma(VectorPanelsF32.vector(in, row + step + 3 * STEP), s3);
      s4 = g.fma(VectorPanelsF32.vector(in, row + step + 4 * STEP), s4);
    }
    s0.intoArray(sums, at);
    s1.intoArray(sums, at + LANES);
    s2.intoArray(sums, at + 2 * LANES);
    s3.intoArray(sums, at + 3 * LANES);
    s4.intoArray(sums, at + 4 * LANES);
  }

  /** A row of 7 taps at stride 1. */
  public static void row7(
      MemorySegment in, long row, MemorySegment dy, long dyAt, int pixels, float[] sums, int at) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector s1 = FloatVector.fromArray(SPECIES, sums, at + LANES);
    FloatVector s2 = FloatVector.fromArray(SPECIES, sums, at + 2 * LANES);
    FloatVector s3 = FloatVector.fromArray(SPECIES, sums, at + 3 * LANES);
    FloatVector s4 = FloatVector.fromArray(SPECIES, sums, at + 4 * LANES);
    FloatVector s5 = FloatVector.fromArray(SPECIES, sums, at + 5 * LANES);
    FloatVector s6 = FloatVector.fromArray(SPECIES, sums, at + 6 * LANES);
    // A row of taps at a time: 49 sums at once would not fit in any registers.
    for (int p = 0; p < pixels; p++) {
      long step = p * STEP;
      FloatVector g = VectorPanelsF32.vector(dy, dyAt + step);
      s0 = g.fma(VectorPanelsF32.vector(in, row + step), s0);
      s1 = g.fma(VectorPanelsF32.vector(in, row + step + STEP), s1);
      s2 = g.fma(VectorPanelsF32.vector(in, row + step + 2 * STEP), s2);
      s3 = g.fma(VectorPanelsF32.vector(in, row + step + 3 * STEP), s3);
      s4 = g.fma(VectorPanelsF32.vector(in, row + step + 4 * STEP), s4);
      s5 = g.fma(VectorPanelsF32.vector(in, row + step + 5 * STEP), s5);
      s6 = g.fma(VectorPanelsF32.vector(in, row + step + 6 * STEP), s6);
    }
    s0.intoArray(sums, at);
    s1.intoArray(sums, at + LANES);
    s2.intoArray(sums, at + 2 * LANES);
    s3.intoArray(sums, at + 3 * LANES);
    s4.intoArray(sums, at + 4 * LANES);
    s5.intoArray(sums, at + 5 * LANES);
    s6.intoArray(sums, at + 6 * LANES);
  }

  /** One tap, at any stride: {@code next} bytes from the input of one pixel to that of the next. */
  public static void tap(
      MemorySegment in,
      long row,
      long next,
      MemorySegment dy,
      long dyAt,
      int pixels,
      float[] sums,
      int at) {
    FloatVector sum = FloatVector.fromArray(SPECIES, sums, at);
    for (int p = 0; p < pixels; p++) {
      FloatVector g = VectorPanelsF32.vector(dy, dyAt + p * STEP);
      sum = g.fma(VectorPanelsF32.vector(in, row + p * next), sum);
    }
    sum.intoArray(sums, at);
  }
}
