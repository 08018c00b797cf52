package org.spike2former.tensor.cpu.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Spikes, stored as bytes, to and from vectors of real numbers. */
public final class VectorBytes {
  private static final int STEP_F32 = VectorWidth.BYTES_F32.length();
  private static final int STEP_F64 = VectorWidth.BYTES_F64.length();
  private static final int LANES_F32 = VectorWidth.F32.length();
  private static final int LANES_F64 = VectorWidth.F64.length();

  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(VectorWidth.BITS));

  private VectorBytes() {}

  /** {@code out[outAt + i] = in[at + i]} for i in 0…length. */
  public static void widen(byte[] in, int at, float[] out, int outAt, int length) {
    int bound = VectorWidth.BYTES_F32.loopBound(length);
    for (int i = 0; i < bound; i += STEP_F32) {
      ByteVector k = ByteVector.fromArray(VectorWidth.BYTES_F32, in, at + i);
      for (int part = 0; part < STEP_F32 / LANES_F32; part++) {
        FloatVector x = (FloatVector) k.convertShape(VectorOperators.B2F, VectorWidth.F32, part);
        x.intoArray(out, outAt + i + part * LANES_F32);
      }
    }
    for (int i = bound; i < length; i++) {
      out[outAt + i] = in[at + i];
    }
  }

  /** {@code out[outAt + i] = in[at + i]} for i in 0…length. */
  public static void widen(byte[] in, int at, double[] out, int outAt, int length) {
    int bound = VectorWidth.BYTES_F64.loopBound(length);
    for (int i = 0; i < bound; i += STEP_F64) {
      ByteVector k = ByteVector.fromArray(VectorWidth.BYTES_F64, in, at + i);
      for (int part = 0; part < STEP_F64 / LANES_F64; part++) {
        DoubleVector x = (DoubleVector) k.convertShape(VectorOperators.B2D, VectorWidth.F64, part);
        x.intoArray(out, outAt + i + part * LANES_F64);
      }
    }
    for (int i = bound; i < length; i++) {
      out[outAt + i] = in[at + i];
    }
  }

  /** The lanes' last bytes, in the given part of a vector of bytes that is 0 elsewhere. */
  static ByteVector lastBytes(FloatVector x, int part) {
    return (ByteVector)
        x.reinterpretAsInts().convertShape(VectorOperators.I2B, VectorWidth.BYTES_F32, -part);
  }

  /** The lanes' last bytes, in the given part of a vector of bytes that is 0 elsewhere. */
  static ByteVector lastBytes(DoubleVector x, int part) {
    return (ByteVector)
        x.reinterpretAsLongs().convertShape(VectorOperators.L2B, VectorWidth.BYTES_F64, -part);
  }

  /** The greatest element, at least 0. */
  public static int max(byte[] in) {
    return max(in, 0, in.length);
  }

  /** The greatest of the elements from…to, at least 0. */
  static int max(byte[] in, int from, int to) {
    int bound = from + BYTES.loopBound(to - from);
    ByteVector greatest = ByteVector.zero(BYTES);
    for (int i = from; i < bound; i += BYTES.length()) {
      greatest = greatest.max(ByteVector.fromArray(BYTES, in, i));
    }
    // A maximum has no order, so lanes may be reduced.
    int max = greatest.reduceLanes(VectorOperators.MAX);
    for (int i = bound; i < to; i++) {
      max = Math.max(max, in[i]);
    }
    return max;
  }
}
