package org.spike2former.tensor.autograd;

import org.spike2former.tensor.Tensor;

/** A gradient on its way back, and how many hold it: one alone may write over it. */
final class Flow {
  private final Tensor tensor;
  private int holders;
  private boolean givenUp;

  Flow(Tensor tensor) {
    this.tensor = tensor;
  }

  /** The gradient, with the shape it was computed in. */
  Tensor tensor() {
    return tensor;
  }

  /** The gradient under the shape of what it belongs to. */
  Tensor as(int... shape) {
    return tensor.reshape(shape);
  }

  void hold() {
    holders++;
  }

  void release() {
    holders--;
  }

  /** Whether its holder is the only one. */
  boolean isExclusive() {
    return holders <= 1;
  }

  /**
   * Lets the one holder's result take the gradient's storage: false if there are others. What
   * becomes of the storage is the result's affair then.
   */
  boolean giveUp() {
    givenUp |= isExclusive();
    return givenUp;
  }

  /** Whether neither it nor any result in its storage is still held. */
  boolean isDone() {
    return holders == 0 && !givenUp;
  }

  /** Whether somebody holds it. */
  boolean isHeld() {
    return holders > 0;
  }
}
