package org.spike2former.model;

import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/**
 * Neuron → fc1 → BN → neuron → fc2 → BN on tokens [N, L, C]: the MLP of the backbone and the
 * feed-forward network of both decoders.
 */
final class Mlp implements Block {
  private final Unit widen;
  private final Unit narrow;

  private Mlp(Unit widen, Unit narrow) {
    this.widen = widen;
    this.narrow = narrow;
  }

  /** With the names of backbone and pixel decoder: {@code fc1_conv}, {@code fc1_bn}. */
  static Mlp named(int channels, int hidden, Scope scope) {
    return new Mlp(
        new Unit(
            scope.neuron("fc1_spike"),
            scope.conv1d("fc1_conv", channels, hidden).bias().norm("fc1_bn").build()),
        new Unit(
            scope.neuron("fc2_spike"),
            scope.conv1d("fc2_conv", hidden, channels).bias().norm("fc2_bn").build()));
  }

  /** With the names of the transformer decoder: {@code fc1}, {@code bn1}. */
  static Mlp numbered(int channels, int hidden, Scope scope) {
    return new Mlp(
        new Unit(
            scope.neuron("fc1_spike"),
            scope.conv1d("fc1", channels, hidden).bias().norm("bn1").build()),
        new Unit(
            scope.neuron("fc2_spike"),
            scope.conv1d("fc2", hidden, channels).bias().norm("bn2").build()));
  }

  @Override
  public Tensor forward(Ops ops, Tensor x) {
    return narrow.forward(ops, widen.forward(ops, x));
  }

  /** As {@link #forward}, but {@code arrange} reorders the spikes between first neuron and fc1. */
  Tensor forward(Ops ops, Tensor x, java.util.function.UnaryOperator<Tensor> arrange) {
    Tensor spikes = arrange.apply(widen.neuron().fire(ops, x));
    return narrow.forward(ops, ops.layer(spikes, widen.layer()));
  }
}
