package org.spike2former.snn.firing;

import org.spike2former.tensor.Tensor;

/** Hears what neuron layers fire. */
@FunctionalInterface
public interface SpikeListener {
  /**
   * A neuron layer fired.
   *
   * @param neuron its name
   * @param maxSpikes D
   * @param spikes [..., C]; to be read before this returns, their storage may be used again
   */
  void fired(String neuron, int maxSpikes, Tensor spikes);
}
