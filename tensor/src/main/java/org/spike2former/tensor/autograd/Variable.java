package org.spike2former.tensor.autograd;

import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

/** A tensor whose gradient is needed. */
final class Variable extends Tensor {
  private final Slot slot;

  Variable(Tensor value, Slot slot) {
    this(value, slot, value.shape());
  }

  private Variable(Tensor value, Slot slot, int... shape) {
    super(value, shape);
    this.slot = slot;
  }

  Slot slot() {
    return slot;
  }

  @Override
  public Tensor reshape(int... newShape) {
    return new Variable(this, slot, newShape);
  }

  @Override
  public Tensor rescaled(double newScale) {
    return slot.tape().rescaled(this, super.rescaled(newScale));
  }

  /** Spikes as real numbers are the same variable; in another real type it is numbers alone. */
  @Override
  public Tensor to(DType real) {
    if (real == dtype()) {
      return this;
    }
    Tensor converted = super.to(real);
    return dtype() == DType.SPIKES ? new Variable(converted, slot) : converted;
  }
}
