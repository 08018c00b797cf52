package org.spike2former.tensor.autograd;

import org.spike2former.tensor.Tensor;

/** Where the gradient of one variable comes together; reshaped views of it share the sum. */
final class GradientSum {
  private final Tape tape;
  private Flow flow;

  GradientSum(Tape tape) {
    this.tape = tape;
  }

  /** The sum of a variable; null for a tensor whose gradient is not needed. */
  static GradientSum of(Tensor x) {
    return x instanceof Variable variable ? variable.gradientSum() : null;
  }

  Tape tape() {
    return tape;
  }

  /** Adds a gradient that is held nowhere else. */
  void give(Tensor gradient) {
    give(new Flow(gradient));
  }

  /** Adds a gradient that others may hold too. */
  void give(Flow gradient) {
    if (flow == null) {
      keep(gradient);
      return;
    }
    if (flow.isExclusive()) {
      tape.derivatives().accumulate(flow.tensor(), gradient.tensor());
      tape.drop(gradient);
    } else if (gradient.isHeld()) {
      replace(new Flow(tape.sum(flow.tensor(), gradient.tensor())));
    } else {
      tape.derivatives().accumulate(gradient.tensor(), flow.tensor());
      replace(gradient);
    }
  }

  /** Adds a gradient of the rows from {@code from} of a variable of this shape. */
  void giveRows(Tensor gradient, int from, int... shape) {
    if (flow == null) {
      keep(new Flow(tape.derivatives().zeros(shape)));
    } else if (!flow.isExclusive()) {
      replace(new Flow(flow.tensor().copy()));
    }
    tape.derivatives().accumulateRows(flow.as(shape), from, gradient);
  }

  /** Keeps another gradient in place of one that others hold too. */
  private void replace(Flow gradient) {
    flow.release();
    keep(gradient);
  }

  private void keep(Flow gradient) {
    gradient.hold();
    flow = gradient;
  }

  /** Hands over what has come together, with the sum's hold on it; null if nothing has. */
  Flow take() {
    Flow taken = flow;
    flow = null;
    return taken;
  }
}
