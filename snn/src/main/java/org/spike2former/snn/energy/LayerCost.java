package org.spike2former.snn.energy;

/**
 * The multiply-adds of one weight layer or product.
 *
 * @param name path of the layer
 * @param neuron the neuron layer whose spikes drive it; null where it works on real numbers alone
 * @param direct whether the spikes are its own input. Otherwise they enter a chain of linear layers
 *     before it, and its input is real
 * @param macs multiply-adds of one run, all time steps together, zeros not skipped
 */
public record LayerCost(String name, String neuron, boolean direct, long macs) {}
