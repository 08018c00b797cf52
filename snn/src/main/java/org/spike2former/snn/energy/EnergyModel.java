package org.spike2former.snn.energy;

import java.util.function.ToDoubleFunction;

/**
 * Energy of layers by the paper's formula ({@code model.md} section 10): {@code MACs·E_MAC} on real
 * numbers and {@code T·D·R·MACs·E_AC} on spikes. D·R is the mean spike k, and {@link LayerCost}
 * counts the T time steps, so a layer on spikes costs {@code MACs·mean(k)·E_AC}.
 *
 * @param costs energy of an operation
 * @param meanSpikes mean k of a neuron layer, by its name
 */
public record EnergyModel(EnergyCosts costs, ToDoubleFunction<String> meanSpikes) {
  private static final double MJ_PER_PJ = 1e-9;

  /** Additions that the layer's spikes cause; 0 for a layer on real numbers alone. */
  public double accumulates(LayerCost layer) {
    return layer.neuron() == null ? 0 : layer.macs() * meanSpikes.applyAsDouble(layer.neuron());
  }

  /**
   * Energy in mJ by the paper's reading: of a chain of linear layers, which can be folded into one,
   * every layer sees the spikes that enter the chain.
   */
  public double energy(LayerCost layer) {
    return layer.neuron() == null ? annEnergy(layer) : MJ_PER_PJ * accumulates(layer) * costs.ac();
  }

  /** Energy in mJ if every layer with a real input is charged for multiplying. */
  public double unfoldedEnergy(LayerCost layer) {
    return layer.direct() ? energy(layer) : annEnergy(layer);
  }

  /** Energy in mJ of the same layer in a network on real numbers. */
  public double annEnergy(LayerCost layer) {
    return MJ_PER_PJ * layer.macs() * costs.mac();
  }
}
