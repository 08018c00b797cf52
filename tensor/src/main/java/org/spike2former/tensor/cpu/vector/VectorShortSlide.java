package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.layer.FoldedLayer;

/**
 * The inner loops of an event-driven convolution of integers with 3 columns, stride 1 and padding
 * 1, one for each width of panel: the sums of three pixels slide through the registers as 16-bit
 * numbers. See {@link VectorShortEventsF32}.
 */
final class VectorShortSlide {
  private static final VectorSpecies<Short> SPECIES = VectorShortPanels.SPECIES;
  private static final int LANES = VectorShortPanels.LANES;
  private static final int VECTOR_BYTES = VectorShortPanels.VECTOR_BYTES;

  /** Bytes of a row of a panel of 4, 2 and 1 vectors, and of a block of channels. */
  private static final int ROW_4 = 4 * VECTOR_BYTES;

  private static final int ROW_2 = 2 * VECTOR_BYTES;
  private static final int ROW_1 = VECTOR_BYTES;
  private static final int LAST = FoldedLayer.CHANNEL_BLOCK - 1;
  private static final int BYTES_4 = FoldedLayer.CHANNEL_BLOCK * ROW_4;
  private static final int BYTES_2 = FoldedLayer.CHANNEL_BLOCK * ROW_2;
  private static final int BYTES_1 = FoldedLayer.CHANNEL_BLOCK * ROW_1;

  private VectorShortSlide() {}

  /**
   * Sums of one kernel row and block of channels for one row of output pixels: {@code sums[p, j]}.
   *
   * @param first the list of the input row's first pixel; the others follow
   * @param width pixels of a row
   * @param panelAt byte of the weights [3, channels, 4·lanes]
   * @param tap bytes from one kernel column's weights to the next
   */
  static void vectors4(
      VectorSpikeEvents events,
      int first,
      int width,
      MemorySegment panels,
      long panelAt,
      long tap,
      short[] sums) {
    int[] channel = events.channel;
    float[] numeral = events.numeral;
    int[] begin = events.begin;
    int e = begin[first];
    ShortVector zero = VectorShortPanels.zero();
    MemorySegment x = panels.asSlice(panelAt, BYTES_4);
    MemorySegment y = panels.asSlice(panelAt + tap, BYTES_4);
    MemorySegment z = panels.asSlice(panelAt + 2 * tap, BYTES_4);
    // Sums a of the pixel to the left, b of this one, c of the one to the right, as VectorSlideF32
    // has them, but from zero.
    ShortVector a0 = zero;
    ShortVector a1 = zero;
    ShortVector a2 = zero;
    ShortVector a3 = zero;
    ShortVector b0 = zero;
    ShortVector b1 = zero;
    ShortVector b2 = zero;
    ShortVector b3 = zero;
    int at = -4 * LANES;
    for (int p = 0; p < width; p++) {
      ShortVector c0 = zero;
      ShortVector c1 = zero;
      ShortVector c2 = zero;
      ShortVector c3 = zero;
      int end = begin[first + p + 1];
      // No sum leaves 16 bits, so that none needs more, and integers have no order.
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_4;
        ShortVector k = ShortVector.broadcast(SPECIES, (short) numeral[e]);
        c0 = VectorShortPanels.vector(x, row).mul(k).add(c0);
        c1 = VectorShortPanels.vector(x, row + VECTOR_BYTES).mul(k).add(c1);
        c2 = VectorShortPanels.vector(x, row + 2 * VECTOR_BYTES).mul(k).add(c2);
        c3 = VectorShortPanels.vector(x, row + 3 * VECTOR_BYTES).mul(k).add(c3);
        b0 = VectorShortPanels.vector(y, row).mul(k).add(b0);
        b1 = VectorShortPanels.vector(y, row + VECTOR_BYTES).mul(k).add(b1);
        b2 = VectorShortPanels.vector(y, row + 2 * VECTOR_BYTES).mul(k).add(b2);
        b3 = VectorShortPanels.vector(y, row + 3 * VECTOR_BYTES).mul(k).add(b3);
        a0 = VectorShortPanels.vector(z, row).mul(k).add(a0);
        a1 = VectorShortPanels.vector(z, row + VECTOR_BYTES).mul(k).add(a1);
        a2 = VectorShortPanels.vector(z, row + 2 * VECTOR_BYTES).mul(k).add(a2);
        a3 = VectorShortPanels.vector(z, row + 3 * VECTOR_BYTES).mul(k).add(a3);
      }
      if (p > 0) {
        zero.add(a0).intoArray(sums, at);
        zero.add(a1).intoArray(sums, at + LANES);
        zero.add(a2).intoArray(sums, at + 2 * LANES);
        zero.add(a3).intoArray(sums, at + 3 * LANES);
      }
      at += 4 * LANES;
      a0 = b0;
      a1 = b1;
      a2 = b2;
      a3 = b3;
      b0 = c0;
      b1 = c1;
      b2 = c2;
      b3 = c3;
    }
    zero.add(a0).intoArray(sums, at);
    zero.add(a1).intoArray(sums, at + LANES);
    zero.add(a2).intoArray(sums, at + 2 * LANES);
    zero.add(a3).intoArray(sums, at + 3 * LANES);
  }

  /** As {@link #vectors4}, for a panel of 2 vectors. */
  static void vectors2(
      VectorSpikeEvents events,
      int first,
      int width,
      MemorySegment panels,
      long panelAt,
      long tap,
      short[] sums) {
    int[] channel = events.channel;
    float[] numeral = events.numeral;
    int[] begin = events.begin;
    int e = begin[first];
    ShortVector zero = VectorShortPanels.zero();
    MemorySegment x = panels.asSlice(panelAt, BYTES_2);
    MemorySegment y = panels.asSlice(panelAt + tap, BYTES_2);
    MemorySegment z = panels.asSlice(panelAt + 2 * tap, BYTES_2);
    ShortVector a0 = zero;
    ShortVector a1 = zero;
    ShortVector b0 = zero;
    ShortVector b1 = zero;
    int at = -2 * LANES;
    for (int p = 0; p < width; p++) {
      ShortVector c0 = zero;
      ShortVector c1 = zero;
      int end = begin[first + p + 1];
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_2;
        ShortVector k = ShortVector.broadcast(SPECIES, (short) numeral[e]);
        c0 = VectorShortPanels.vector(x, row).mul(k).add(c0);
        c1 = VectorShortPanels.vector(x, row + VECTOR_BYTES).mul(k).add(c1);
        b0 = VectorShortPanels.vector(y, row).mul(k).add(b0);
        b1 = VectorShortPanels.vector(y, row + VECTOR_BYTES).mul(k).add(b1);
        a0 = VectorShortPanels.vector(z, row).mul(k).add(a0);
        a1 = VectorShortPanels.vector(z, row + VECTOR_BYTES).mul(k).add(a1);
      }
      if (p > 0) {
        zero.add(a0).intoArray(sums, at);
        zero.add(a1).intoArray(sums, at + LANES);
      }
      at += 2 * LANES;
      a0 = b0;
      a1 = b1;
      b0 = c0;
      b1 = c1;
    }
    zero.add(a0).intoArray(sums, at);
    zero.add(a1).intoArray(sums, at + LANES);
  }

  /** As {@link #vectors4}, for a panel of 1 vector. */
  static void vectors1(
      VectorSpikeEvents events,
      int first,
      int width,
      MemorySegment panels,
      long panelAt,
      long tap,
      short[] sums) {
    int[] channel = events.channel;
    float[] numeral = events.numeral;
    int[] begin = events.begin;
    int e = begin[first];
    ShortVector zero = VectorShortPanels.zero();
    MemorySegment x = panels.asSlice(panelAt, BYTES_1);
    MemorySegment y = panels.asSlice(panelAt + tap, BYTES_1);
    MemorySegment z = panels.asSlice(panelAt + 2 * tap, BYTES_1);
    ShortVector a0 = zero;
    ShortVector b0 = zero;
    int at = -LANES;
    for (int p = 0; p < width; p++) {
      ShortVector c0 = zero;
      int end = begin[first + p + 1];
      for (; e < end; e++) {
        long row = (long) (channel[e] & LAST) * ROW_1;
        ShortVector k = ShortVector.broadcast(SPECIES, (short) numeral[e]);
        c0 = VectorShortPanels.vector(x, row).mul(k).add(c0);
        b0 = VectorShortPanels.vector(y, row).mul(k).add(b0);
        a0 = VectorShortPanels.vector(z, row).mul(k).add(a0);
      }
      if (p > 0) {
        zero.add(a0).intoArray(sums, at);
      }
      at += LANES;
      a0 = b0;
      b0 = c0;
    }
    zero.add(a0).intoArray(sums, at);
  }
}
