package org.spike2former.model.network;

import org.spike2former.model.network.block.Chain;
import org.spike2former.model.network.block.Scope;
import org.spike2former.model.network.block.Unit;

/**
 * Neuron → fc1 → BN → neuron → fc2 → BN on tokens [N, L, C]: the MLP of the backbone and the
 * feed-forward network of both decoders.
 */
final class Mlp {
  private Mlp() {}

  /** With the names of backbone and pixel decoder: {@code fc1_conv}, {@code fc1_bn}. */
  static Chain named(int channels, int hidden, Scope scope) {
    return new Chain(
        new Unit(
            scope.neuron("fc1_spike"),
            scope.conv1d("fc1_conv", channels, hidden).bias().norm("fc1_bn").build()),
        new Unit(
            scope.neuron("fc2_spike"),
            scope.conv1d("fc2_conv", hidden, channels).bias().norm("fc2_bn").build()));
  }

  /** With the names of the transformer decoder: {@code fc1}, {@code bn1}. */
  static Chain numbered(int channels, int hidden, Scope scope) {
    return new Chain(
        new Unit(
            scope.neuron("fc1_spike"),
            scope.conv1d("fc1", channels, hidden).bias().norm("bn1").build()),
        new Unit(
            scope.neuron("fc2_spike"),
            scope.conv1d("fc2", hidden, channels).bias().norm("bn2").build()));
  }
}
