package org.spike2former.model.network.block;

import org.spike2former.snn.Neuron;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/** What networks are made of: neuron → weight layer → BatchNorm. */
public record Unit(Neuron neuron, WeightLayer layer) {
  /** The layer on the neuron's spikes. */
  public Tensor forward(Ops ops, Tensor x) {
    return ops.layer(neuron.fire(ops, x), layer);
  }
}
