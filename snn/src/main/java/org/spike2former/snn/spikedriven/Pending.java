package org.spike2former.snn.spikedriven;

import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

/**
 * Real numbers that are computed when they are first asked for, on the thread that runs the
 * network.
 */
abstract class Pending extends Tensor {
  private Tensor value;

  Pending(DType real, int... shape) {
    super(real, 1, shape);
  }

  /** Works the numbers out. */
  abstract Tensor compute();

  /** The numbers as an ordinary tensor. */
  final Tensor value() {
    if (value == null) {
      value = compute();
    }
    return value;
  }

  @Override
  protected final Object storage() {
    return dtype() == DType.F32 ? value().floats() : value().doubles();
  }

  /** The tensor, worked out if it is pending: kernels may read it on other threads. */
  static Tensor settled(Tensor x) {
    return x instanceof Pending pending ? pending.value() : x;
  }
}
