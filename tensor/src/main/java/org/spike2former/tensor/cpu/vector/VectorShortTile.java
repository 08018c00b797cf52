package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of an event-driven pointwise layer of integers, one for each width of panel: a
 * pixel's sums of a list stay in registers as 16-bit numbers. See {@link VectorShortEventsF32}.
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
    ShortVector zero = VectorShortPanels.zero();
    MemorySegment w = panels.asSlice(panelAt, BYTES_8);
    for (int p = 0; p < pixels; p++) {
      ShortVector s0 = zero;
      ShortVector s1 = zero;
      ShortVector s2 = zero;
      ShortVector s3 = zero;
      ShortVector s4 = zero;
      ShortVector s5 = zero;
      ShortVector s6 = zero;
      ShortVector s7 = zero;
      int end = begin[first + p + 1];
      // No sum leaves 16 bits, so that none needs more, and integers have no order.
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_8;
        ShortVector k = ShortVector.broadcast(SPECIES, (short) numeral[e]);
        s0 = VectorShortPanels.vector(w, row).mul(k).add(s0);
        s1 = VectorShortPanels.vector(w, row + VECTOR_BYTES).mul(k).add(s1);
        s2 = VectorShortPanels.vector(w, row + 2 * VECTOR_BYTES).mul(k).add(s2);
        s3 = VectorShortPanels.vector(w, row + 3 * VECTOR_BYTES).mul(k).add(s3);
        s4 = VectorShortPanels.vector(w, row + 4 * VECTOR_BYTES).mul(k).add(s4);
        s5 = VectorShortPanels.vector(w, row + 5 * VECTOR_BYTES).mul(k).add(s5);
        s6 = VectorShortPanels.vector(w, row + 6 * VECTOR_BYTES).mul(k).add(s6);
        s7 = VectorShortPanels.vector(w, row + 7 * VECTOR_BYTES).mul(k).add(s7);
      }
      int at = p * 8 * LANES;
      zero.add(s0).intoArray(sums, at);
      zero.add(s1).intoArray(sums, at + LANES);
      zero.add(s2).intoArray(sums, at + 2 * LANES);
      zero.add(s3).intoArray(sums, at + 3 * LANES);
      zero.add(s4).intoArray(sums, at + 4 * LANES);
      zero.add(s5).intoArray(sums, at + 5 * LANES);
      zero.add(s6).intoArray(sums, at + 6 * LANES);
      zero.add(s7).intoArray(sums, at + 7 * LANES);
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
    ShortVector zero = VectorShortPanels.zero();
    MemorySegment w = panels.asSlice(panelAt, BYTES_4);
    for (int p = 0; p < pixels; p++) {
      ShortVector s0 = zero;
      ShortVector s1 = zero;
      ShortVector s2 = zero;
      ShortVector s3 = zero;
      int end = begin[first + p + 1];
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_4;
        ShortVector k = ShortVector.broadcast(SPECIES, (short) numeral[e]);
        s0 = VectorShortPanels.vector(w, row).mul(k).add(s0);
        s1 = VectorShortPanels.vector(w, row + VECTOR_BYTES).mul(k).add(s1);
        s2 = VectorShortPanels.vector(w, row + 2 * VECTOR_BYTES).mul(k).add(s2);
        s3 = VectorShortPanels.vector(w, row + 3 * VECTOR_BYTES).mul(k).add(s3);
      }
      int at = p * 4 * LANES;
      zero.add(s0).intoArray(sums, at);
      zero.add(s1).intoArray(sums, at + LANES);
      zero.add(s2).intoArray(sums, at + 2 * LANES);
      zero.add(s3).intoArray(sums, at + 3 * LANES);
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
    ShortVector zero = VectorShortPanels.zero();
    MemorySegment w = panels.asSlice(panelAt, BYTES_2);
    for (int p = 0; p < pixels; p++) {
      ShortVector s0 = zero;
      ShortVector s1 = zero;
      int end = begin[first + p + 1];
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_2;
        ShortVector k = ShortVector.broadcast(SPECIES, (short) numeral[e]);
        s0 = VectorShortPanels.vector(w, row).mul(k).add(s0);
        s1 = VectorShortPanels.vector(w, row + VECTOR_BYTES).mul(k).add(s1);
      }
      int at = p * 2 * LANES;
      zero.add(s0).intoArray(sums, at);
      zero.add(s1).intoArray(sums, at + LANES);
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
    ShortVector zero = VectorShortPanels.zero();
    MemorySegment w = panels.asSlice(panelAt, BYTES_1);
    for (int p = 0; p < pixels; p++) {
      ShortVector s0 = zero;
      int end = begin[first + p + 1];
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_1;
        ShortVector k = ShortVector.broadcast(SPECIES, (short) numeral[e]);
        s0 = VectorShortPanels.vector(w, row).mul(k).add(s0);
      }
      int at = p * LANES;
      zero.add(s0).intoArray(sums, at);
    }
  }
}
