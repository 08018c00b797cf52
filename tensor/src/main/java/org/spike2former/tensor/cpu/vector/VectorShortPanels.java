package org.spike2former.tensor.cpu.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.cpu.kernels.ShortPanels;
import org.spike2former.tensor.layer.FoldedLayer;

/**
 * A matrix of integer weights [depth, columns] laid out for events: panels of 8, 4, 2 or 1 vectors
 * of 16-bit numbers, each [depth, width] and filled up with zeros. An event adds to twice as many
 * columns at a time as with float32.
 */
final class VectorShortPanels {
  static final VectorSpecies<Short> SPECIES =
      VectorSpecies.of(short.class, VectorShape.forBitSize(VectorWidth.BITS));

  static final int LANES = SPECIES.length();
  static final int VECTOR_BYTES = SPECIES.vectorByteSize();

  /** Most vectors of a panel of a pointwise layer, and of a window, each of whose events has 3. */
  private static final int VECTORS = 8;

  private static final int WINDOW_VECTORS = 4;

  /** With fewer input channels a list has too few events for what it costs to add its sums up. */
  private static final int LEAST_CHANNELS = 32;

  private static final int CACHE_LINE = 64;
  private static final short[] ZEROS = new short[LANES];

  /** Numbers that become one vector of reals. */
  private static final VectorSpecies<Short> HALF =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Math.max(64, VectorWidth.BITS / 2)));

  private VectorShortPanels() {}

  /** Vectors in the panel that starts at a column. */
  static int vectors(int column, int columns, boolean pointwise) {
    int most = pointwise ? VECTORS : WINDOW_VECTORS;
    return Integer.highestOneBit(Math.min(most, (columns - column + LANES - 1) / LANES));
  }

  /** Byte where the panel that starts at a column lies. */
  static long offset(int depth, int column) {
    return (long) column * Short.BYTES * depth;
  }

  /**
   * A vector of zeros that is loaded. A sum that is stored behind a loop has it added first: stored
   * as it comes from the loop, C2 was seen, in some processes, not to know it for a vector, and to
   * call {@code intoArray} for as long as the process lived, ten times as slow.
   */
  static ShortVector zero() {
    return ShortVector.fromArray(SPECIES, ZEROS, 0);
  }

  /** One vector of a panel, at a byte. */
  static ShortVector vector(MemorySegment panel, long at) {
    return ShortVector.fromMemorySegment(SPECIES, panel, at, ByteOrder.nativeOrder());
  }

  /**
   * Lays out a layer of integers in the canonical order.
   *
   * @return null if the layer is another, or faster with real numbers
   */
  static ShortPanels of(FoldedLayer folded) {
    boolean pointwise = folded.taps() == 1;
    boolean window = folded.taps() == 9 && folded.kernelWidth() == 3;
    if (folded.raw().dtype() != DType.SPIKES
        || folded.depthwise()
        || !pointwise && !window
        || pointwise && folded.cin() < LEAST_CHANNELS
        || folded.cout() < LANES) {
      return null;
    }
    int[] order = folded.order();
    int depth = order.length;
    int columns = folded.cout();
    int padded = (columns + LANES - 1) / LANES * LANES;
    long slack = (long) VectorEventsF32.POINTWISE_CHANNELS * VECTORS * VECTOR_BYTES;
    MemorySegment out = Arena.ofAuto().allocate(offset(depth, padded) + slack, CACHE_LINE);
    double[] row = new double[columns];
    int[] list = new int[columns];
    int[] all = new int[columns];
    int greatest = 0;
    for (int k = 0; k < depth; k++) {
      folded.row(order[k], row);
      boolean begins = pointwise ? k % VectorEventsF32.POINTWISE_CHANNELS == 0 : begins(folded, k);
      for (int column = 0; column < columns; ) {
        int width = vectors(column, columns, pointwise) * LANES;
        long at = offset(depth, column) + (long) k * width * Short.BYTES;
        for (int j = column; j < Math.min(column + width, columns); j++) {
          short w = (short) row[j];
          if (w != row[j] || folded.bias()[j] != 0) {
            return null;
          }
          list[j] = Math.abs(w) + (begins ? 0 : list[j]);
          all[j] += Math.abs(w);
          greatest = Math.max(greatest, list[j]);
          out.set(ValueLayout.JAVA_SHORT, at + (long) (j - column) * Short.BYTES, w);
        }
        column += width;
      }
    }
    return new ShortPanels(out, greatest, Arrays.stream(all).max().orElse(0));
  }

  /** The weights at one depth, in the canonical order. */
  static void row(
      ShortPanels panels, boolean pointwise, int depth, int columns, int k, float[] out) {
    for (int column = 0; column < columns; ) {
      int width = vectors(column, columns, pointwise) * LANES;
      long at = offset(depth, column) + (long) k * width * Short.BYTES;
      for (int j = column; j < Math.min(column + width, columns); j++) {
        out[j] =
            panels.weights().get(ValueLayout.JAVA_SHORT, at + (long) (j - column) * Short.BYTES);
      }
      column += width;
    }
  }

  /** As {@link #row(ShortPanels, boolean, int, int, int, float[])}. */
  static void row(
      ShortPanels panels, boolean pointwise, int depth, int columns, int k, double[] out) {
    float[] row = new float[columns];
    row(panels, pointwise, depth, columns, k, row);
    for (int j = 0; j < columns; j++) {
      out[j] = row[j];
    }
  }

  /** Whether a kernel row's block of channels begins at row k of the canonical order. */
  private static boolean begins(FoldedLayer folded, int k) {
    return k % (3 * folded.cin()) % (3 * FoldedLayer.CHANNEL_BLOCK) == 0;
  }

  /**
   * {@code out[outAt + i] = start[startAt + i] + sums[at + i]} for i in 0…length, a multiple of the
   * lanes of out.
   */
  static void add(
      short[] sums, int at, float[] start, int startAt, float[] out, int outAt, int length) {
    for (int i = 0; i < length; i += VectorWidth.F32.length()) {
      FloatVector sum =
          (FloatVector)
              ShortVector.fromArray(HALF, sums, at + i)
                  .convertShape(VectorOperators.S2F, VectorWidth.F32, 0);
      FloatVector.fromArray(VectorWidth.F32, start, startAt + i).add(sum).intoArray(out, outAt + i);
    }
  }

  /** Integer weights are float32's alone. */
  static void add(
      short[] sums, int at, double[] start, int startAt, double[] out, int outAt, int length) {
    for (int i = 0; i < length; i++) {
      out[outAt + i] = start[startAt + i] + sums[at + i];
    }
  }
}
