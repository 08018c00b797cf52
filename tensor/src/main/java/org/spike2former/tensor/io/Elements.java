package org.spike2former.tensor.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;

/** Little-endian elements of a file to and from tensors. */
public final class Elements {
  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order());
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order());
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order());
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order());
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order());

  /** No framework makes more axes than this. */
  public static final int MAX_RANK = 64;

  private static final int CHUNK = 1 << 20;

  private Elements() {}

  private static ByteOrder order() {
    return ByteOrder.LITTLE_ENDIAN;
  }

  /**
   * Number of elements of a shape found in a file.
   *
   * @throws FormatException if a tensor cannot have that many
   */
  public static int count(Path file, String what, int... shape) throws FormatException {
    if (shape.length > MAX_RANK) {
      throw new FormatException(file, what + " has " + shape.length + " axes");
    }
    try {
      return Shape.size(shape);
    } catch (ShapeException e) {
      throw new FormatException(file, what + ": " + e.getMessage(), e);
    }
  }

  /**
   * An extent found in a file.
   *
   * @throws FormatException if an axis cannot have it
   */
  public static int extent(Path file, String what, long extent) throws FormatException {
    if (extent < 0 || extent > Integer.MAX_VALUE) {
      throw new FormatException(file, what + " has extent " + extent + " in its shape");
    }
    return (int) extent;
  }

  /** A tensor of the elements at the start of {@code source}, which are row-major. */
  public static Tensor tensor(ElementType type, MemorySegment source, int... shape) {
    int n = Shape.size(shape);
    return switch (type.readAs()) {
      case F32 -> Tensor.of(floats(type, source, n), shape);
      case F64 -> Tensor.of(doubles(type, source, n), shape);
      case SPIKES, LABELS -> throw new AssertionError(type);
    };
  }

  private static float[] floats(ElementType type, MemorySegment source, int n) {
    float[] out = new float[n];
    switch (type) {
      case F32 -> MemorySegment.copy(source, FLOAT, 0, out, 0, n);
      case F16 -> {
        short[] in = shorts(source, n);
        for (int i = 0; i < n; i++) {
          out[i] = Float.float16ToFloat(in[i]);
        }
      }
      case BF16 -> {
        short[] in = shorts(source, n);
        for (int i = 0; i < n; i++) {
          out[i] = Float.intBitsToFloat(in[i] << 16);
        }
      }
      case I16 -> {
        short[] in = shorts(source, n);
        for (int i = 0; i < n; i++) {
          out[i] = in[i];
        }
      }
      case I8 -> {
        for (int i = 0; i < n; i++) {
          out[i] = source.get(ValueLayout.JAVA_BYTE, i);
        }
      }
      case U8 -> {
        for (int i = 0; i < n; i++) {
          out[i] = source.get(ValueLayout.JAVA_BYTE, i) & 0xff;
        }
      }
      case BOOL -> {
        for (int i = 0; i < n; i++) {
          out[i] = source.get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1;
        }
      }
      default -> throw new AssertionError(type);
    }
    return out;
  }

  /** Arrays are read much faster than segments until the loop is compiled. */
  private static short[] shorts(MemorySegment source, int n) {
    short[] out = new short[n];
    MemorySegment.copy(source, SHORT, 0, out, 0, n);
    return out;
  }

  private static double[] doubles(ElementType type, MemorySegment source, int n) {
    double[] out = new double[n];
    switch (type) {
      case F64 -> MemorySegment.copy(source, DOUBLE, 0, out, 0, n);
      case I32 -> {
        for (int i = 0; i < n; i++) {
          out[i] = source.get(INT, 4L * i);
        }
      }
      case I64 -> {
        for (int i = 0; i < n; i++) {
          out[i] = source.get(LONG, 8L * i);
        }
      }
      default -> throw new AssertionError(type);
    }
    return out;
  }

  /** The bytes of {@code n} elements of a one-byte type. */
  static byte[] bytes(MemorySegment source, int n) {
    byte[] out = new byte[n];
    MemorySegment.copy(source, ValueLayout.JAVA_BYTE, 0, out, 0, n);
    return out;
  }

  /**
   * Refuses to give the bytes of a type wider than one.
   *
   * @throws IllegalArgumentException naming the tensor
   */
  public static void requireByte(Path file, String name, ElementType type) {
    if (type.bytes() != 1) {
      throw new IllegalArgumentException(
          file + ": tensor " + name + " is " + type + ", which is not a type of one byte");
    }
  }

  /**
   * Row-major elements of a strided view.
   *
   * @param source holds the element with index 0 on all axes at its start; what is gathered must
   *     fit a byte array
   * @param width bytes of an element
   * @param strides distance of neighbours on each axis, in elements
   */
  public static MemorySegment gather(MemorySegment source, int width, int[] shape, long[] strides) {
    int n = Shape.size(shape);
    MemorySegment out = MemorySegment.ofArray(new byte[Math.multiplyExact(n, width)]);
    int[] index = new int[shape.length];
    long from = 0;
    for (int i = 0; i < n; i++) {
      MemorySegment.copy(source, from * width, out, (long) i * width, width);
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        from += strides[axis];
        if (++index[axis] < shape[axis]) {
          break;
        }
        from -= strides[axis] * shape[axis];
        index[axis] = 0;
      }
    }
    return out;
  }

  /** Whether the strides are those of a dense tensor whose last axis is the fastest. */
  public static boolean isRowMajor(int[] shape, long[] strides) {
    long stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (shape[axis] != 1 && strides[axis] != stride) {
        return false;
      }
      stride *= shape[axis];
    }
    return true;
  }

  /** Refuses a float32 tensor with a number that becomes infinite in half precision. */
  static void requireHalf(String name, Tensor tensor) {
    if (tensor.dtype() != DType.F32) {
      return;
    }
    for (float x : tensor.floats()) {
      if (Float.isFinite(x) && !Float.isFinite(half(x))) {
        throw new IllegalArgumentException(name + " holds " + x + ", too large for half precision");
      }
    }
  }

  private static float half(float x) {
    return Float.float16ToFloat(Float.floatToFloat16(x));
  }

  /** Writes the elements of a tensor; spikes as their bytes k. */
  static void write(Tensor tensor, WritableByteChannel out) throws IOException {
    write(tensor, null, out);
  }

  /**
   * The same.
   *
   * @param type F16 for float32 in half precision; anything else: as the tensor has them
   */
  static void write(Tensor tensor, ElementType type, WritableByteChannel out) throws IOException {
    int n = tensor.size();
    boolean half = type == ElementType.F16;
    int width = half ? type.bytes() : tensor.dtype().bytes();
    ByteBuffer buffer =
        ByteBuffer.allocateDirect((int) Math.min(CHUNK, (long) n * width)).order(order());
    int step = CHUNK / width;
    for (int from = 0; from < n; from += step) {
      int length = Math.min(step, n - from);
      buffer.clear().limit(length * width);
      switch (tensor.dtype()) {
        case F32 -> {
          for (int i = 0; half && i < length; i++) {
            buffer.putShort(2 * i, Float.floatToFloat16(tensor.floats()[from + i]));
          }
          if (!half) {
            buffer.asFloatBuffer().put(tensor.floats(), from, length);
          }
        }
        case F64 -> buffer.asDoubleBuffer().put(tensor.doubles(), from, length);
        case SPIKES, LABELS -> buffer.put(0, tensor.bytes(), from, length);
      }
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
    }
  }
}
