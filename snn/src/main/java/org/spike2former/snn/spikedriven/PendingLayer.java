package org.spike2former.snn.spikedriven;

import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;

/** A linear map of spikes: a further linear operation merges with it instead of computing. */
final class PendingLayer extends Pending {
  private final DeploymentOps ops;
  private final Tensor spikes;
  private final LinearChain chain;
  private final boolean reshaped;
  private final PendingLayer same;

  PendingLayer(DeploymentOps ops, Tensor spikes, LinearChain chain, int... shape) {
    this(ops, spikes, chain, false, null, shape);
  }

  /**
   * As the fields.
   *
   * @param reshaped whether the axes are others than the chain's operations give
   * @param same a tensor with the same numbers, or null
   */
  private PendingLayer(
      DeploymentOps ops,
      Tensor spikes,
      LinearChain chain,
      boolean reshaped,
      PendingLayer same,
      int... shape) {
    super(ops.precision().type(), shape);
    this.ops = ops;
    this.spikes = spikes;
    this.chain = chain;
    this.reshaped = reshaped;
    this.same = same;
  }

  LinearChain chain() {
    return chain;
  }

  /** Whether an operation with a window can follow. */
  boolean isMap() {
    return rank() == 4 && !reshaped;
  }

  /** With one more operation, which gives this shape. */
  PendingLayer then(LinearChain.Link link, int... shape) {
    return new PendingLayer(ops, spikes, chain.then(link), reshaped, null, shape);
  }

  @Override
  Tensor compute() {
    Tensor numbers = same == null ? ops.compute(spikes, chain) : same.value();
    return numbers.reshape(shape());
  }

  /** Stays pending while channels stay channels. */
  @Override
  public Tensor reshape(int... newShape) {
    boolean kept = newShape[newShape.length - 1] == dim(-1) && Shape.size(newShape) == size();
    return kept
        ? new PendingLayer(ops, spikes, chain, true, this, newShape)
        : super.reshape(newShape);
  }
}
