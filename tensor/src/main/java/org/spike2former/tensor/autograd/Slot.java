package org.spike2former.tensor.autograd;

import org.spike2former.tensor.Derivatives;
import org.spike2former.tensor.Tensor;

/** Where the gradient of one variable comes together; reshaped views of it share the slot. */
final class Slot {
  private final Tape tape;
  private Flow flow;

  Slot(Tape tape) {
    this.tape = tape;
  }

  /** The slot of a variable; null for a tensor whose gradient nobody needs. */
  static Slot of(Tensor x) {
    return x instanceof Variable variable ? variable.slot() : null;
  }

  Tape tape() {
    return tape;
  }

  /** Adds a gradient that nobody else holds. */
  void give(Tensor gradient) {
    give(new Flow(gradient));
  }

  /** Adds a gradient that others may hold too. */
  void give(Flow gradient) {
    if (flow == null) {
      keep(gradient);
      return;
    }
    Derivatives derivatives = tape.derivatives();
    if (flow.isExclusive()) {
      derivatives.accumulate(flow.tensor(), gradient.tensor());
    } else {
      Flow sum = gradient.isHeld() ? new Flow(gradient.tensor().copy()) : gradient;
      derivatives.accumulate(sum.tensor(), flow.tensor());
      flow.release();
      keep(sum);
    }
  }

  /** Adds a gradient of the rows from {@code from} of a variable of this shape. */
  void giveRows(Tensor gradient, int from, int... shape) {
    if (flow == null) {
      keep(new Flow(Tensor.zeros(gradient.dtype(), shape)));
    } else if (!flow.isExclusive()) {
      Flow own = new Flow(flow.tensor().copy());
      flow.release();
      keep(own);
    }
    tape.derivatives().accumulateRows(flow.as(shape), from, gradient);
  }

  private void keep(Flow gradient) {
    gradient.hold();
    flow = gradient;
  }

  /** Hands over what has come together, with the slot's hold on it; null if nothing has. */
  Flow take() {
    Flow taken = flow;
    flow = null;
    return taken;
  }
}
