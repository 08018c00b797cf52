package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of an event-driven pointwise layer, one for each width of panel: a pixel's sums
 * stay in registers while its events add their rows of weights. See {@link VectorEventsF32}.
 */
final class VectorEventTileF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();
  private static final int VECTOR_BYTES = VectorPanelsF32.VECTOR_BYTES;

  /** Bytes of a row of a panel of 4, 2 and 1 vectors; 8 and 4 may be several panels. */
  private static final int ROW_8 = Math.min(8, VectorWidth.TILE_VECTORS) * VECTOR_BYTES;

  private static final int ROW_4 = Math.min(4, VectorWidth.TILE_VECTORS) * VECTOR_BYTES;
  private static final int ROW_2 = 2 * VECTOR_BYTES;
  private static final int ROW_1 = VECTOR_BYTES;

  private static final int LAST = VectorEventsF32.POINTWISE_CHANNELS - 1;
  private static final int BYTES_8 = VectorEventsF32.POINTWISE_CHANNELS * ROW_8;
  private static final int BYTES_4 = VectorEventsF32.POINTWISE_CHANNELS * ROW_4;
  private static final int BYTES_2 = VectorEventsF32.POINTWISE_CHANNELS * ROW_2;
  private static final int BYTES_1 = VectorEventsF32.POINTWISE_CHANNELS * ROW_1;

  private VectorEventTileF32() {}

  /**
   * {@code out[p, j] = start[p, j] + Σ k·panel[channel, j]} over the events of list {@code first +
   * p}, for the pixels p below {@code pixels}.
   *
   * @param panelAt byte of the row of the lists' first channel
   * @param panelStep bytes from one panel to the next
   * @param startAt where the first pixel's sums so far are
   * @param startStep from one pixel's sums so far to the next; 0 if all start from the same
   * @param outAt where the first pixel's sums are
   * @param outStep from one pixel's sums to the next
   */
  static void vectors8(
      VectorSpikeEvents events,
      int first,
      int pixels,
      MemorySegment panels,
      long panelAt,
      long panelStep,
      float[] start,
      int startAt,
      int startStep,
      float[] out,
      int outAt,
      int outStep) {
    int[] channel = events.channel;
    float[] numeral = events.numeral; // float32 in both precisions
    int[] begin = events.begin;
    int e = begin[first];
    // Pixels outside, events inside: a pixel's sums are loaded and stored once for a list, and the
    // list's rows of weights, 16 KB, stay in the first-level cache for all pixels. 8 sums hide the
    // latency of a multiply-add on processors that begin two at a time.
    MemorySegment w0 = panels.asSlice(panelAt, BYTES_8);
    MemorySegment w2 = panels.asSlice(panelAt + VectorPanelsF32.pair(1, panelStep), BYTES_8);
    MemorySegment w4 = panels.asSlice(panelAt + VectorPanelsF32.pair(2, panelStep), BYTES_8);
    MemorySegment w6 = panels.asSlice(panelAt + VectorPanelsF32.pair(3, panelStep), BYTES_8);
    for (int p = 0; p < pixels; p++) {
      int at = startAt + p * startStep;
      FloatVector s0 = FloatVector.fromArray(SPECIES, start, at);
      FloatVector s1 = FloatVector.fromArray(SPECIES, start, at + LANES);
      FloatVector s2 = FloatVector.fromArray(SPECIES, start, at + 2 * LANES);
      FloatVector s3 = FloatVector.fromArray(SPECIES, start, at + 3 * LANES);
      FloatVector s4 = FloatVector.fromArray(SPECIES, start, at + 4 * LANES);
      FloatVector s5 = FloatVector.fromArray(SPECIES, start, at + 5 * LANES);
      FloatVector s6 = FloatVector.fromArray(SPECIES, start, at + 6 * LANES);
      FloatVector s7 = FloatVector.fromArray(SPECIES, start, at + 7 * LANES);
      int end = begin[first + p + 1];
      // Each multiply-add has a load of its own: loads are the limit, and weights lie on cache
      // lines, as a vector that crosses two would take two loads. Channels ascend, as in the list.
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_8;
        FloatVector x = FloatVector.broadcast(SPECIES, numeral[e]);
        s0 = x.fma(VectorPanelsF32.vector(w0, row), s0);
        s1 = x.fma(VectorPanelsF32.vector(w0, row + VECTOR_BYTES), s1);
        s2 = x.fma(VectorPanelsF32.vector(w2, row), s2);
        s3 = x.fma(VectorPanelsF32.vector(w2, row + VECTOR_BYTES), s3);
        s4 = x.fma(VectorPanelsF32.vector(w4, row), s4);
        s5 = x.fma(VectorPanelsF32.vector(w4, row + VECTOR_BYTES), s5);
        s6 = x.fma(VectorPanelsF32.vector(w6, row), s6);
        s7 = x.fma(VectorPanelsF32.vector(w6, row + VECTOR_BYTES), s7);
      }
      at = outAt + p * outStep;
      s0.intoArray(out, at);
      s1.intoArray(out, at + LANES);
      s2.intoArray(out, at + 2 * LANES);
      s3.intoArray(out, at + 3 * LANES);
      s4.intoArray(out, at + 4 * LANES);
      s5.intoArray(out, at + 5 * LANES);
      s6.intoArray(out, at + 6 * LANES);
      s7.intoArray(out, at + 7 * LANES);
    }
  }

  /** As {@link #vectors8}, for 4 vectors. */
  static void vectors4(
      VectorSpikeEvents events,
      int first,
      int pixels,
      MemorySegment panels,
      long panelAt,
      long panelStep,
      float[] start,
      int startAt,
      int startStep,
      float[] out,
      int outAt,
      int outStep) {
    int[] channel = events.channel;
    float[] numeral = events.numeral; // float32 in both precisions
    int[] begin = events.begin;
    int e = begin[first];
    MemorySegment w0 = panels.asSlice(panelAt, BYTES_4);
    MemorySegment w2 = panels.asSlice(panelAt + VectorPanelsF32.pair(1, panelStep), BYTES_4);
    for (int p = 0; p < pixels; p++) {
      int at = startAt + p * startStep;
      FloatVector s0 = FloatVector.fromArray(SPECIES, start, at);
      FloatVector s1 = FloatVector.fromArray(SPECIES, start, at + LANES);
      FloatVector s2 = FloatVector.fromArray(SPECIES, start, at + 2 * LANES);
      FloatVector s3 = FloatVector.fromArray(SPECIES, start, at + 3 * LANES);
      int end = begin[first + p + 1];
      // 4 sums.
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_4;
        FloatVector x = FloatVector.broadcast(SPECIES, numeral[e]);
        s0 = x.fma(VectorPanelsF32.vector(w0, row), s0);
        s1 = x.fma(VectorPanelsF32.vector(w0, row + VECTOR_BYTES), s1);
        s2 = x.fma(VectorPanelsF32.vector(w2, row), s2);
        s3 = x.fma(VectorPanelsF32.vector(w2, row + VECTOR_BYTES), s3);
      }
      at = outAt + p * outStep;
      s0.intoArray(out, at);
      s1.intoArray(out, at + LANES);
      s2.intoArray(out, at + 2 * LANES);
      s3.intoArray(out, at + 3 * LANES);
    }
  }

  /** As {@link #vectors8}, for a panel of 2 vectors. */
  static void vectors2(
      VectorSpikeEvents events,
      int first,
      int pixels,
      MemorySegment panels,
      long panelAt,
      float[] start,
      int startAt,
      int startStep,
      float[] out,
      int outAt,
      int outStep) {
    int[] channel = events.channel;
    float[] numeral = events.numeral; // float32 in both precisions
    int[] begin = events.begin;
    int e = begin[first];
    MemorySegment w0 = panels.asSlice(panelAt, BYTES_2);
    for (int p = 0; p < pixels; p++) {
      int at = startAt + p * startStep;
      FloatVector s0 = FloatVector.fromArray(SPECIES, start, at);
      FloatVector s1 = FloatVector.fromArray(SPECIES, start, at + LANES);
      int end = begin[first + p + 1];
      // 2 sums, weights [channels, 2·lanes].
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_2;
        FloatVector x = FloatVector.broadcast(SPECIES, numeral[e]);
        s0 = x.fma(VectorPanelsF32.vector(w0, row), s0);
        s1 = x.fma(VectorPanelsF32.vector(w0, row + VECTOR_BYTES), s1);
      }
      at = outAt + p * outStep;
      s0.intoArray(out, at);
      s1.intoArray(out, at + LANES);
    }
  }

  /** As {@link #vectors8}, for a panel of one vector. */
  static void vectors1(
      VectorSpikeEvents events,
      int first,
      int pixels,
      MemorySegment panels,
      long panelAt,
      float[] start,
      int startAt,
      int startStep,
      float[] out,
      int outAt,
      int outStep) {
    int[] channel = events.channel;
    float[] numeral = events.numeral; // float32 in both precisions
    int[] begin = events.begin;
    int e = begin[first];
    MemorySegment w0 = panels.asSlice(panelAt, BYTES_1);
    for (int p = 0; p < pixels; p++) {
      int at = startAt + p * startStep;
      FloatVector s0 = FloatVector.fromArray(SPECIES, start, at);
      int end = begin[first + p + 1];
      // 1 sum, weights [channels, lanes]: each multiply-add waits for the one before.
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_1;
        FloatVector x = FloatVector.broadcast(SPECIES, numeral[e]);
        s0 = x.fma(VectorPanelsF32.vector(w0, row), s0);
      }
      at = outAt + p * outStep;
      s0.intoArray(out, at);
    }
  }
}
