package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of an event-driven pointwise layer of integers, one for each width of panel: a
 * pixel's sums of a list stay in registers as 16-bit numbers. See {@link VectorEventsF32}.
 */
final class VectorShortTile {
  private static final VectorSpecies<Short> SPECIES = VectorShortPanels.SPECIES;
  private static final int LANES = VectorShortPanels.LANES;
  private static final int VECTOR_BYTES = VectorShortPanels.VECTOR_BYTES;

  /** Bytes of a row of a panel of 8, 4, 2 and 1 vectors, and of as many as a list has channels. */
  private static final int ROW_8 = 8 * VECTOR_BYTES;

  private static final int ROW_4 = 4 * VECTOR_BYTES;
  private static final int ROW_2 = 2 * VECTOR_BYTES;
  private static final int ROW_1 = VECTOR_BYTES;
  private static final int LAST = VectorEventsF32.POINTWISE_CHANNELS - 1;
  private static final int BYTES_8 = VectorEventsF32.POINTWISE_CHANNELS * ROW_8;
  private static final int BYTES_4 = VectorEventsF32.POINTWISE_CHANNELS * ROW_4;
  private static final int BYTES_2 = VectorEventsF32.POINTWISE_CHANNELS * ROW_2;
  private static final int BYTES_1 = VectorEventsF32.POINTWISE_CHANNELS * ROW_1;

  private VectorShortTile() {}

  /**
   * {@code sums[p, j] = Σ k·panel[channel, j]} over the events of list {@code first + p}, for the
   * pixels p below {@code pixels}.
   *
   * @param panelAt byte of the row of the lists' first channel
   */
  static void vectors8(
      VectorSpikeEvents events,
      int first,
      int pixels,
      MemorySegment panels,
      long panelAt,
      short[] sums) {
    int[] channel = events.channel;
    float[] numeral = events.numeral;
    int[] begin = events.begin;
    int e = begin[first];
    MemorySegment w = panels.asSlice(panelAt, BYTES_8);
    for (int p = 0; p < pixels; p++) {
      ShortVector s0 = ShortVector.zero(SPECIES);
      ShortVector s1 = ShortVector.zero(SPECIES);
      ShortVector s2 = ShortVector.zero(SPECIES);
      ShortVector s3 = ShortVector.zero(SPECIES);
      ShortVector s4 = ShortVector.zero(SPECIES);
      ShortVector s5 = ShortVector.zero(SPECIES);
      ShortVector s6 = ShortVector.zero(SPECIES);
      ShortVector s7 = ShortVector.zero(SPECIES);
      int end = begin[first + p + 1];
      // No sum leaves 16 bits, so that none needs more, and integers have no order.
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_8;
        ShortVector k = ShortVector.broadcast(SPECIES, (short) numeral[e]);
        s0 = s0.add(vector(w, row).mul(k));
        s1 = s1.add(vector(w, row + VECTOR_BYTES).mul(k));
        s2 = s2.add(vector(w, row + 2 * VECTOR_BYTES).mul(k));
        s3 = s3.add(vector(w, row + 3 * VECTOR_BYTES).mul(k));
        s4 = s4.add(vector(w, row + 4 * VECTOR_BYTES).mul(k));
        s5 = s5.add(vector(w, row + 5 * VECTOR_BYTES).mul(k));
        s6 = s6.add(vector(w, row + 6 * VECTOR_BYTES).mul(k));
        s7 = s7.add(vector(w, row + 7 * VECTOR_BYTES).mul(k));
      }
      int at = p * 8 * LANES;
      s0.intoArray(sums, at);
      s1.intoArray(sums, at + LANES);
      s2.intoArray(sums, at + 2 * LANES);
      s3.intoArray(sums, at + 3 * LANES);
      s4.intoArray(sums, at + 4 * LANES);
      s5.intoArray(sums, at + 5 * LANES);
      s6.intoArray(sums, at + 6 * LANES);
      s7.intoArray(sums, at + 7 * LANES);
    }
  }

  /** As {@link #vectors8}, for a panel of 4 vectors. */
  static void vectors4(
      VectorSpikeEvents events,
      int first,
      int pixels,
      MemorySegment panels,
      long panelAt,
      short[] sums) {
    int[] channel = events.channel;
    float[] numeral = events.numeral;
    int[] begin = events.begin;
    int e = begin[first];
    MemorySegment w = panels.asSlice(panelAt, BYTES_4);
    for (int p = 0; p < pixels; p++) {
      ShortVector s0 = ShortVector.zero(SPECIES);
      ShortVector s1 = ShortVector.zero(SPECIES);
      ShortVector s2 = ShortVector.zero(SPECIES);
      ShortVector s3 = ShortVector.zero(SPECIES);
      int end = begin[first + p + 1];
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_4;
        ShortVector k = ShortVector.broadcast(SPECIES, (short) numeral[e]);
        s0 = s0.add(vector(w, row).mul(k));
        s1 = s1.add(vector(w, row + VECTOR_BYTES).mul(k));
        s2 = s2.add(vector(w, row + 2 * VECTOR_BYTES).mul(k));
        s3 = s3.add(vector(w, row + 3 * VECTOR_BYTES).mul(k));
      }
      int at = p * 4 * LANES;
      s0.intoArray(sums, at);
      s1.intoArray(sums, at + LANES);
      s2.intoArray(sums, at + 2 * LANES);
      s3.intoArray(sums, at + 3 * LANES);
    }
  }

  /** As {@link #vectors8}, for a panel of 2 vectors. */
  static void vectors2(
      VectorSpikeEvents events,
      int first,
      int pixels,
      MemorySegment panels,
      long panelAt,
      short[] sums) {
    int[] channel = events.channel;
    float[] numeral = events.numeral;
    int[] begin = events.begin;
    int e = begin[first];
    MemorySegment w = panels.asSlice(panelAt, BYTES_2);
    for (int p = 0; p < pixels; p++) {
      ShortVector s0 = ShortVector.zero(SPECIES);
      ShortVector s1 = ShortVector.zero(SPECIES);
      int end = begin[first + p + 1];
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_2;
        ShortVector k = ShortVector.broadcast(SPECIES, (short) numeral[e]);
        s0 = s0.add(vector(w, row).mul(k));
        s1 = s1.add(vector(w, row + VECTOR_BYTES).mul(k));
      }
      int at = p * 2 * LANES;
      s0.intoArray(sums, at);
      s1.intoArray(sums, at + LANES);
    }
  }

  /** As {@link #vectors8}, for a panel of 1 vector. */
  static void vectors1(
      VectorSpikeEvents events,
      int first,
      int pixels,
      MemorySegment panels,
      long panelAt,
      short[] sums) {
    int[] channel = events.channel;
    float[] numeral = events.numeral;
    int[] begin = events.begin;
    int e = begin[first];
    MemorySegment w = panels.asSlice(panelAt, BYTES_1);
    for (int p = 0; p < pixels; p++) {
      ShortVector s0 = ShortVector.zero(SPECIES);
      int end = begin[first + p + 1];
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_1;
        ShortVector k = ShortVector.broadcast(SPECIES, (short) numeral[e]);
        s0 = s0.add(vector(w, row).mul(k));
      }
      int at = p * LANES;
      s0.intoArray(sums, at);
    }
  }

  private static ShortVector vector(MemorySegment panel, long at) {
    return ShortVector.fromMemorySegment(SPECIES, panel, at, ByteOrder.nativeOrder());
  }
}
