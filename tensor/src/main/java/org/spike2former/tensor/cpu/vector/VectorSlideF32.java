package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.layer.FoldedLayer;

/**
 * The inner loops of an event-driven convolution with 3 columns, stride 1 and padding 1, one for
 * each width of panel: an event adds to the sums of three pixels, one to its right, one in its
 * column and one to its left, which slide through the registers. See {@link VectorEventsF32}.
 */
final class VectorSlideF32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();
  private static final int VECTOR_BYTES = VectorPanelsF32.VECTOR_BYTES;

  /** Bytes of a row of a panel of 4, 2 and 1 vectors; 4 may be two panels. */
  private static final int ROW_4 = Math.min(4, VectorWidth.TILE_VECTORS) * VECTOR_BYTES;

  private static final int ROW_2 = 2 * VECTOR_BYTES;
  private static final int ROW_1 = VECTOR_BYTES;

  private static final int LAST = FoldedLayer.CHANNEL_BLOCK - 1;
  private static final int BYTES_4 = FoldedLayer.CHANNEL_BLOCK * ROW_4;
  private static final int BYTES_2 = FoldedLayer.CHANNEL_BLOCK * ROW_2;
  private static final int BYTES_1 = FoldedLayer.CHANNEL_BLOCK * ROW_1;

  private VectorSlideF32() {}

  /**
   * Adds one kernel row and block of channels to one row of output pixels.
   *
   * @param first the list of the input row's first pixel; the others follow
   * @param width pixels of a row
   * @param panelAt byte of the weights [3, channels, 4·lanes]
   * @param panelStep bytes from one panel to the next
   * @param tap bytes from one kernel column's weights to the next
   * @param outAt where the first pixel's sums are
   * @param outStep from one pixel's sums to the next
   */
  static void vectors4(
      VectorSpikeEvents events,
      int first,
      int width,
      MemorySegment panels,
      long panelAt,
      long panelStep,
      long tap,
      float[] out,
      int outAt,
      int outStep) {
    int[] channel = events.channel;
    float[] numeral = events.numeral; // float32 in both precisions
    int[] begin = events.begin;
    int e = begin[first];
    long pair = VectorPanelsF32.pair(1, panelStep);
    // Sums [3 pixels, 4·lanes]: a of the pixel to the left, b of this one, c of the one to the
    // right. At the first pixel a is of none: its sums are not stored.
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = FloatVector.zero(SPECIES);
    FloatVector a2 = FloatVector.zero(SPECIES);
    FloatVector a3 = FloatVector.zero(SPECIES);
    FloatVector b0 = FloatVector.fromArray(SPECIES, out, outAt);
    FloatVector b1 = FloatVector.fromArray(SPECIES, out, outAt + LANES);
    FloatVector b2 = FloatVector.fromArray(SPECIES, out, outAt + 2 * LANES);
    FloatVector b3 = FloatVector.fromArray(SPECIES, out, outAt + 3 * LANES);
    int left = outAt - outStep;
    MemorySegment x0 = panels.asSlice(panelAt, BYTES_4);
    MemorySegment x2 = panels.asSlice(panelAt + pair, BYTES_4);
    MemorySegment y0 = panels.asSlice(panelAt + tap, BYTES_4);
    MemorySegment y2 = panels.asSlice(panelAt + pair + tap, BYTES_4);
    MemorySegment z0 = panels.asSlice(panelAt + 2 * tap, BYTES_4);
    MemorySegment z2 = panels.asSlice(panelAt + pair + 2 * tap, BYTES_4);
    for (int p = 0; p < width; p++) {
      // Past the end any pixel does: its sums are not stored.
      int next = p + 1 < width ? left + 2 * outStep : outAt;
      FloatVector c0 = FloatVector.fromArray(SPECIES, out, next);
      FloatVector c1 = FloatVector.fromArray(SPECIES, out, next + LANES);
      FloatVector c2 = FloatVector.fromArray(SPECIES, out, next + 2 * LANES);
      FloatVector c3 = FloatVector.fromArray(SPECIES, out, next + 3 * LANES);
      int end = begin[first + p + 1];
      // An event's number and channel are read once for 12 multiply-adds, each with a load of its
      // weights. To the pixel on its right an event is under kernel column 0, to that on its left
      // under column 2: a pixel sees columns 0, 1 and 2 in turn, the canonical order.
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_4;
        FloatVector k = FloatVector.broadcast(SPECIES, numeral[e]);
        c0 = k.fma(VectorPanelsF32.vector(x0, row), c0);
        c1 = k.fma(VectorPanelsF32.vector(x0, row + VECTOR_BYTES), c1);
        c2 = k.fma(VectorPanelsF32.vector(x2, row), c2);
        c3 = k.fma(VectorPanelsF32.vector(x2, row + VECTOR_BYTES), c3);
        b0 = k.fma(VectorPanelsF32.vector(y0, row), b0);
        b1 = k.fma(VectorPanelsF32.vector(y0, row + VECTOR_BYTES), b1);
        b2 = k.fma(VectorPanelsF32.vector(y2, row), b2);
        b3 = k.fma(VectorPanelsF32.vector(y2, row + VECTOR_BYTES), b3);
        a0 = k.fma(VectorPanelsF32.vector(z0, row), a0);
        a1 = k.fma(VectorPanelsF32.vector(z0, row + VECTOR_BYTES), a1);
        a2 = k.fma(VectorPanelsF32.vector(z2, row), a2);
        a3 = k.fma(VectorPanelsF32.vector(z2, row + VECTOR_BYTES), a3);
      }
      // Nothing further right reaches the pixel on the left. Unlike those of narrower panels, these
      // sums are stored as they are: that never made calls of the stores, and adding to them takes
      // half a second of the compiler's time.
      if (p > 0) {
        a0.intoArray(out, left);
        a1.intoArray(out, left + LANES);
        a2.intoArray(out, left + 2 * LANES);
        a3.intoArray(out, left + 3 * LANES);
      }
      left += outStep;
      a0 = b0;
      a1 = b1;
      a2 = b2;
      a3 = b3;
      b0 = c0;
      b1 = c1;
      b2 = c2;
      b3 = c3;
    }
    a0.intoArray(out, left);
    a1.intoArray(out, left + LANES);
    a2.intoArray(out, left + 2 * LANES);
    a3.intoArray(out, left + 3 * LANES);
  }

  /** As {@link #vectors4}, for a panel of 2 vectors. */
  static void vectors2(
      VectorSpikeEvents events,
      int first,
      int width,
      MemorySegment panels,
      long panelAt,
      long tap,
      float[] out,
      int outAt,
      int outStep) {
    int[] channel = events.channel;
    float[] numeral = events.numeral; // float32 in both precisions
    int[] begin = events.begin;
    int e = begin[first];
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = FloatVector.zero(SPECIES);
    FloatVector b0 = FloatVector.fromArray(SPECIES, out, outAt);
    FloatVector b1 = FloatVector.fromArray(SPECIES, out, outAt + LANES);
    FloatVector none = VectorPanelsF32.none();
    int left = outAt - outStep;
    MemorySegment x0 = panels.asSlice(panelAt, BYTES_2);
    MemorySegment y0 = panels.asSlice(panelAt + tap, BYTES_2);
    MemorySegment z0 = panels.asSlice(panelAt + 2 * tap, BYTES_2);
    for (int p = 0; p < width; p++) {
      // Past the end any pixel does: its sums are not stored.
      int next = p + 1 < width ? left + 2 * outStep : outAt;
      FloatVector c0 = FloatVector.fromArray(SPECIES, out, next);
      FloatVector c1 = FloatVector.fromArray(SPECIES, out, next + LANES);
      int end = begin[first + p + 1];
      // 6 sums, weights [3 columns, channels, 2·lanes].
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_2;
        FloatVector k = FloatVector.broadcast(SPECIES, numeral[e]);
        c0 = k.fma(VectorPanelsF32.vector(x0, row), c0);
        c1 = k.fma(VectorPanelsF32.vector(x0, row + VECTOR_BYTES), c1);
        b0 = k.fma(VectorPanelsF32.vector(y0, row), b0);
        b1 = k.fma(VectorPanelsF32.vector(y0, row + VECTOR_BYTES), b1);
        a0 = k.fma(VectorPanelsF32.vector(z0, row), a0);
        a1 = k.fma(VectorPanelsF32.vector(z0, row + VECTOR_BYTES), a1);
      }
      if (p > 0) {
        none.add(a0).intoArray(out, left);
        none.add(a1).intoArray(out, left + LANES);
      }
      left += outStep;
      a0 = b0;
      a1 = b1;
      b0 = c0;
      b1 = c1;
    }
    none.add(a0).intoArray(out, left);
    none.add(a1).intoArray(out, left + LANES);
  }

  /** As {@link #vectors4}, for a panel of one vector. */
  static void vectors1(
      VectorSpikeEvents events,
      int first,
      int width,
      MemorySegment panels,
      long panelAt,
      long tap,
      float[] out,
      int outAt,
      int outStep) {
    int[] channel = events.channel;
    float[] numeral = events.numeral; // float32 in both precisions
    int[] begin = events.begin;
    int e = begin[first];
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector b0 = FloatVector.fromArray(SPECIES, out, outAt);
    int left = outAt - outStep;
    MemorySegment x0 = panels.asSlice(panelAt, BYTES_1);
    MemorySegment y0 = panels.asSlice(panelAt + tap, BYTES_1);
    MemorySegment z0 = panels.asSlice(panelAt + 2 * tap, BYTES_1);
    for (int p = 0; p < width; p++) {
      // Past the end any pixel does: its sums are not stored.
      int next = p + 1 < width ? left + 2 * outStep : outAt;
      FloatVector c0 = FloatVector.fromArray(SPECIES, out, next);
      int end = begin[first + p + 1];
      // 3 sums, weights [3 columns, channels, lanes].
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_1;
        FloatVector k = FloatVector.broadcast(SPECIES, numeral[e]);
        c0 = k.fma(VectorPanelsF32.vector(x0, row), c0);
        b0 = k.fma(VectorPanelsF32.vector(y0, row), b0);
        a0 = k.fma(VectorPanelsF32.vector(z0, row), a0);
      }
      if (p > 0) {
        a0.intoArray(out, left);
      }
      left += outStep;
      a0 = b0;
      b0 = c0;
    }
    a0.intoArray(out, left);
  }
}
