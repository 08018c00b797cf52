package org.spike2former.tensor.autograd;

import org.spike2former.tensor.Tensor;

/**
 * Hears what a {@link TapeOps} computes. A listener that also needs a neuron's potential wraps the
 * operations in a {@link org.spike2former.tensor.ForwardingOps}, at the price of what they do in
 * one pass.
 */
public interface TapeListener {
  /** The output of a named block. */
  default void block(String name, Tensor output) {}

  /** The output of a neuron layer. */
  default void spikes(String neuron, Tensor spikes) {}
}
