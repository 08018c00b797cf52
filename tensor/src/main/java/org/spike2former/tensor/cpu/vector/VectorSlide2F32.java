package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loop of an event-driven convolution with 3 columns, stride 1 and padding 1, for 2
 * vectors of columns: an event adds to the sums of the pixels to its right, above it and to its
 * left, which slide through the registers. See {@link VectorEventsF32}.
 */
final class VectorSlide2F32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();
  private static final int VECTOR_BYTES = VectorPanelsF32.VECTOR_BYTES;
  private static final int ROW = 2 * VECTOR_BYTES;

  private VectorSlide2F32() {}

  /**
   * Adds one kernel row and block of channels to one row of output pixels.
   *
   * @param first the list of the input row's first pixel; the others follow
   * @param width pixels of a row
   * @param panelAt byte of the weights [3, channels, lanes]
   * @param tap bytes from one kernel column's weights to the next
   * @param outAt where the first pixel's sums are
   * @param outStep from one pixel's sums to the next
   */
  static void run(
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
    var numeral = events.numeral;
    int[] begin = events.begin;
    int e = begin[first];
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = FloatVector.zero(SPECIES);
    FloatVector b0 = FloatVector.fromArray(SPECIES, out, outAt);
    FloatVector b1 = FloatVector.fromArray(SPECIES, out, outAt + LANES);
    int left = outAt - outStep;
    for (int p = 0; p < width; p++) {
      // Past the end any pixel does: its sums are not stored.
      int next = p + 1 < width ? left + 2 * outStep : outAt;
      FloatVector c0 = FloatVector.fromArray(SPECIES, out, next);
      FloatVector c1 = FloatVector.fromArray(SPECIES, out, next + LANES);
      int end = begin[first + p + 1];
      for (; e < end; e++) {
        long row = panelAt + (long) channel[e] * ROW;
        long middle = row + tap;
        long last = middle + tap;
        FloatVector x = FloatVector.broadcast(SPECIES, numeral[e]);
        c0 = x.fma(VectorPanelsF32.vector(panels, row), c0);
        c1 = x.fma(VectorPanelsF32.vector(panels, row + VECTOR_BYTES), c1);
        b0 = x.fma(VectorPanelsF32.vector(panels, middle), b0);
        b1 = x.fma(VectorPanelsF32.vector(panels, middle + VECTOR_BYTES), b1);
        a0 = x.fma(VectorPanelsF32.vector(panels, last), a0);
        a1 = x.fma(VectorPanelsF32.vector(panels, last + VECTOR_BYTES), a1);
      }
      if (p > 0) {
        a0.intoArray(out, left);
        a1.intoArray(out, left + LANES);
      }
      left += outStep;
      a0 = b0;
      a1 = b1;
      b0 = c0;
      b1 = c1;
    }
    a0.intoArray(out, left);
    a1.intoArray(out, left + LANES);
  }
}
