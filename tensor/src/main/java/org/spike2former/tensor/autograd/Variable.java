package org.spike2former.tensor.autograd;

import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

/** A tensor whose gradient is needed. */
final class Variable extends Tensor {
  private final GradientSum sum;

  Variable(Tensor value, GradientSum sum) {
    this(value, sum, value.shape());
  }

  private Variable(Tensor value, GradientSum sum, int... shape) {
    super(value, shape);
    this.sum = sum;
  }

  GradientSum gradientSum() {
    return sum;
  }

  @Override
  public Tensor reshape(int... newShape) {
    return new Variable(this, sum, newShape);
  }

  @Override
  public Tensor rescaled(double newScale) {
    return sum.tape().rescaled(this, super.rescaled(newScale));
  }

  /** Spikes as real numbers are the same variable; in another real type it is numbers alone. */
  @Override
  public Tensor to(DType real) {
    if (real == dtype()) {
      return this;
    }
    Tensor converted = super.to(real);
    return dtype() == DType.SPIKES ? new Variable(converted, sum) : converted;
  }
}
