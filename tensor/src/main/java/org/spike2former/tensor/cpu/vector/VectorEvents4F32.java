package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loop of an event-driven pointwise layer for 4 vectors of columns: a pixel's sums stay
 * in registers while its events add their rows of weights. See {@link VectorEventsF32}.
 */
final class VectorEvents4F32 {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.F32;
  private static final int LANES = SPECIES.length();
  private static final int VECTOR_BYTES = VectorPanelsF32.VECTOR_BYTES;
  private static final int ROW = 4 * VECTOR_BYTES;

  private VectorEvents4F32() {}

  /**
   * {@code out[p, j] += Σ k·panel[channel, j]} over the events of list {@code first + p}, for the
   * pixels p below {@code pixels}.
   *
   * @param panelAt byte of the row of the lists' first channel
   * @param outAt where the first pixel's sums are
   * @param outStep from one pixel's sums to the next
   */
  static void run(
      VectorSpikeEvents events,
      int first,
      int pixels,
      MemorySegment panels,
      long panelAt,
      float[] out,
      int outAt,
      int outStep) {
    int[] channel = events.channel;
    var numeral = events.numeral;
    int[] begin = events.begin;
    int e = begin[first];
    for (int p = 0; p < pixels; p++) {
      int at = outAt + p * outStep;
      FloatVector s0 = FloatVector.fromArray(SPECIES, out, at);
      FloatVector s1 = FloatVector.fromArray(SPECIES, out, at + LANES);
      FloatVector s2 = FloatVector.fromArray(SPECIES, out, at + 2 * LANES);
      FloatVector s3 = FloatVector.fromArray(SPECIES, out, at + 3 * LANES);
      int end = begin[first + p + 1];
      for (; e < end; e++) {
        long row = panelAt + (long) channel[e] * ROW;
        FloatVector x = FloatVector.broadcast(SPECIES, numeral[e]);
        s0 = x.fma(VectorPanelsF32.vector(panels, row), s0);
        s1 = x.fma(VectorPanelsF32.vector(panels, row + VECTOR_BYTES), s1);
        s2 = x.fma(VectorPanelsF32.vector(panels, row + 2 * VECTOR_BYTES), s2);
        s3 = x.fma(VectorPanelsF32.vector(panels, row + 3 * VECTOR_BYTES), s3);
      }
      s0.intoArray(out, at);
      s1.intoArray(out, at + LANES);
      s2.intoArray(out, at + 2 * LANES);
      s3.intoArray(out, at + 3 * LANES);
    }
  }
}
