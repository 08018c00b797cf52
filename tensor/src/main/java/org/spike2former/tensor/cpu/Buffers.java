package org.spike2former.tensor.cpu;

import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

/** Storage for what operations compute. Its content is undefined. */
abstract class Buffers {
  /** Arrays that can take each other's place. */
  record Kind(DType type, int length) {
    static Kind of(Object storage) {
      if (storage instanceof byte[] bytes) {
        return new Kind(DType.SPIKES, bytes.length);
      }
      if (storage instanceof float[] floats) {
        return new Kind(DType.F32, floats.length);
      }
      return new Kind(DType.F64, ((double[]) storage).length);
    }

    Object fresh() {
      return switch (type) {
        case F32 -> new float[length];
        case F64 -> new double[length];
        case SPIKES, LABELS -> new byte[length];
      };
    }
  }

  /** Storage for the result of an operation that reads {@code inputs}. */
  final float[] floats(int length, Tensor... inputs) {
    return (float[]) take(new Kind(DType.F32, length), inputs);
  }

  /** As {@link #floats}. */
  final double[] doubles(int length, Tensor... inputs) {
    return (double[]) take(new Kind(DType.F64, length), inputs);
  }

  /** As {@link #floats}, for spikes and labels, which take each other's place. */
  final byte[] bytes(int length, Tensor... inputs) {
    return (byte[]) take(new Kind(DType.SPIKES, length), inputs);
  }

  /**
   * A result like the real tensor x, for an operation that reads no element of x after it has
   * written the result's at the same place: in x's own storage, if nobody reads x later.
   *
   * @param other what the operation reads besides
   */
  final Tensor over(Tensor x, Tensor other) {
    Object storage = takeOver(Kind.of(storage(x)), x, other);
    return storage instanceof double[] doubles
        ? Tensor.of(doubles, x.shape())
        : Tensor.of((float[]) storage, x.shape());
  }

  abstract Object take(Kind kind, Tensor... inputs);

  /** As {@link #take}; storage may be that of x. */
  Object takeOver(Kind kind, Tensor x, Tensor other) {
    return take(kind, x, other);
  }

  /** A run begins, see {@code Ops.beginRun}. */
  abstract void beginRun(boolean reuse, Object kind);

  /** The run is over, see {@code Ops.endRun}. */
  abstract void endRun(boolean complete);

  static Object storage(Tensor x) {
    return switch (x.dtype()) {
      case F32 -> x.floats();
      case F64 -> x.doubles();
      case SPIKES, LABELS -> x.bytes();
    };
  }
}
