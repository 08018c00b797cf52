package org.spike2former.model.network;

import org.spike2former.snn.Neuron;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/** What the network is made of: neuron → weight layer → BatchNorm. */
record Unit(Neuron neuron, WeightLayer layer) {
  Tensor forward(Ops ops, Tensor x) {
    return ops.layer(neuron.fire(ops, x), layer);
  }
}
