package org.spike2former.train.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;

/** Elements of real tensors as they lie in memory, little-endian. */
final class RawTensors {
  private RawTensors() {}

  /**
   * An empty block.
   *
   * @throws IllegalArgumentException beyond what an array holds, 2 GiB
   */
  static ByteBuffer block(long bytes) {
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a block of " + bytes + " bytes; networks of up to 2 GiB of weights can be sent");
    }
    return ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A block to read. */
  static ByteBuffer block(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static long bytes(Tensor x) {
    return (long) x.size() * (x.dtype() == DType.F32 ? Float.BYTES : Double.BYTES);
  }

  static void put(ByteBuffer block, Tensor x) {
    int bytes = (int) bytes(x);
    if (x.dtype() == DType.F32) {
      block.asFloatBuffer().put(x.floats());
    } else {
      block.asDoubleBuffer().put(x.doubles());
    }
    block.position(block.position() + bytes);
  }

  /** Overwrites a tensor's elements. */
  static void get(ByteBuffer block, Tensor x) {
    int bytes = (int) bytes(x);
    if (x.dtype() == DType.F32) {
      block.asFloatBuffer().get(x.floats());
    } else {
      block.asDoubleBuffer().get(x.doubles());
    }
    block.position(block.position() + bytes);
  }

  static Tensor get(ByteBuffer block, DType type, int... shape) {
    Tensor x =
        type == DType.F32
            ? Tensor.of(new float[Shape.size(shape)], shape)
            : Tensor.of(new double[Shape.size(shape)], shape);
    get(block, x);
    return x;
  }
}
