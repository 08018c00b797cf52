package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.cpu.vector.gradient.VectorEventGradientF32;

/**
 * The inner loops of a weight gradient that skips zeros: sums of one input channel stay in
 * registers while its events add their pixels' gradients. See {@link VectorEventGradientF32}.
 */
public final class VectorEventSumsF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();
  private static final long VECTOR_BYTES = VectorPanelsF32.VECTOR_BYTES;

  private VectorEventSumsF32() {}

  /** One tap and 4 vectors of output channels: {@code sums[at + j] += Σ k·dy[place, j]}. */
  public static void vectors4(
      VectorChannelEvents events,
      int from,
      int to,
      MemorySegment dy,
      long dyAt,
      float[] sums,
      int at) {
    int[] place = events.place;
    float[] numeral = events.numeral; // float32 in both precisions
    FloatVector s00 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector s01 = FloatVector.fromArray(SPECIES, sums, at + LANES);
    FloatVector s02 = FloatVector.fromArray(SPECIES, sums, at + 2 * LANES);
    FloatVector s03 = FloatVector.fromArray(SPECIES, sums, at + 3 * LANES);
    // events [e] · dy [place, 4·lanes]: each multiply-add has a load of its own, so loads are the
    // limit, as in the forward loops. Places ascend, the order of accumulation.
    for (int e = from; e < to; e++) {
      long row = dyAt + place[e] * (4 * VECTOR_BYTES);
      FloatVector k = FloatVector.broadcast(SPECIES, numeral[e]);
      s00 = k.fma(VectorPanelsF32.vector(dy, row), s00);
      s01 = k.fma(VectorPanelsF32.vector(dy, row + VECTOR_BYTES), s01);
      s02 = k.fma(VectorPanelsF32.vector(dy, row + 2 * VECTOR_BYTES), s02);
      s03 = k.fma(VectorPanelsF32.vector(dy, row + 3 * VECTOR_BYTES), s03);
    }
    s00.intoArray(sums, at);
    s01.intoArray(sums, at + LANES);
    s02.intoArray(sums, at + 2 * LANES);
    s03.intoArray(sums, at + 3 * LANES);
  }

  /** As {@link #vectors4}, for 2 vectors. */
  public static void vectors2(
      VectorChannelEvents events,
      int from,
      int to,
      MemorySegment dy,
      long dyAt,
      float[] sums,
      int at) {
    int[] place = events.place;
    float[] numeral = events.numeral; // float32 in both precisions
    FloatVector s00 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector s01 = FloatVector.fromArray(SPECIES, sums, at + LANES);
    for (int e = from; e < to; e++) {
      long row = dyAt + place[e] * (2 * VECTOR_BYTES);
      FloatVector k = FloatVector.broadcast(SPECIES, numeral[e]);
      s00 = k.fma(VectorPanelsF32.vector(dy, row), s00);
      s01 = k.fma(VectorPanelsF32.vector(dy, row + VECTOR_BYTES), s01);
    }
    s00.intoArray(sums, at);
    s01.intoArray(sums, at + LANES);
  }

  /** As {@link #vectors4}, for one vector. */
  public static void vectors1(
      VectorChannelEvents events,
      int from,
      int to,
      MemorySegment dy,
      long dyAt,
      float[] sums,
      int at) {
    int[] place = events.place;
    float[] numeral = events.numeral; // float32 in both precisions
    FloatVector s00 = FloatVector.fromArray(SPECIES, sums, at);
    for (int e = from; e < to; e++) {
      long row = dyAt + place[e] * VECTOR_BYTES;
      FloatVector k = FloatVector.broadcast(SPECIES, numeral[e]);
      s00 = k.fma(VectorPanelsF32.vector(dy, row), s00);
    }
    s00.intoArray(sums, at);
  }

  /**
   * A row of 3 taps, whose sums are {@code step} apart, and 2 vectors of output channels: tap t
   * sees the gradient t pixels before the event's place.
   */
  public static void taps3Vectors2(
      VectorChannelEvents events,
      int from,
      int to,
      MemorySegment dy,
      long dyAt,
      float[] sums,
      int at,
      int step) {
    int[] place = events.place;
    float[] numeral = events.numeral; // float32 in both precisions
    FloatVector s00 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector s01 = FloatVector.fromArray(SPECIES, sums, at + LANES);
    FloatVector s10 = FloatVector.fromArray(SPECIES, sums, at + step);
    FloatVector s11 = FloatVector.fromArray(SPECIES, sums, at + step + LANES);
    FloatVector s20 = FloatVector.fromArray(SPECIES, sums, at + 2 * step);
    FloatVector s21 = FloatVector.fromArray(SPECIES, sums, at + 2 * step + LANES);
    // dy [cell, 2·lanes]: an event is read once for its row of taps, 6 sums; the margins between
    // the rows of cells are zeros, so that no tap asks whether it is outside.
    for (int e = from; e < to; e++) {
      long row = dyAt + place[e] * (2 * VECTOR_BYTES);
      FloatVector k = FloatVector.broadcast(SPECIES, numeral[e]);
      s00 = k.fma(VectorPanelsF32.vector(dy, row), s00);
      s01 = k.fma(VectorPanelsF32.vector(dy, row + VECTOR_BYTES), s01);
      s10 = k.fma(VectorPanelsF32.vector(dy, row - 2 * VECTOR_BYTES), s10);
      s11 = k.fma(VectorPanelsF32.vector(dy, row - VECTOR_BYTES), s11);
      s20 = k.fma(VectorPanelsF32.vector(dy, row - 4 * VECTOR_BYTES), s20);
      s21 = k.fma(VectorPanelsF32.vector(dy, row - 3 * VECTOR_BYTES), s21);
    }
    s00.intoArray(sums, at);
    s01.intoArray(sums, at + LANES);
    s10.intoArray(sums, at + step);
    s11.intoArray(sums, at + step + LANES);
    s20.intoArray(sums, at + 2 * step);
    s21.intoArray(sums, at + 2 * step + LANES);
  }

  /** As {@link #taps3Vectors2}, for one vector. */
  public static void taps3Vectors1(
      VectorChannelEvents events,
      int from,
      int to,
      MemorySegment dy,
      long dyAt,
      float[] sums,
      int at,
      int step) {
    int[] place = events.place;
    float[] numeral = events.numeral; // float32 in both precisions
    FloatVector s00 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector s10 = FloatVector.fromArray(SPECIES, sums, at + step);
    FloatVector s20 = FloatVector.fromArray(SPECIES, sums, at + 2 * step);
    for (int e = from; e < to; e++) {
      long row = dyAt + place[e] * VECTOR_BYTES;
      FloatVector k = FloatVector.broadcast(SPECIES, numeral[e]);
      s00 = k.fma(VectorPanelsF32.vector(dy, row), s00);
      s10 = k.fma(VectorPanelsF32.vector(dy, row - VECTOR_BYTES), s10);
      s20 = k.fma(VectorPanelsF32.vector(dy, row - 2 * VECTOR_BYTES), s20);
    }
    s00.intoArray(sums, at);
    s10.intoArray(sums, at + step);
    s20.intoArray(sums, at + 2 * step);
  }
}
