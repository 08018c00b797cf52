package org.spike2former.snn;

import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/** A layer of neurons; it has no parameters, only a name that reports and fixtures use. */
public interface Neuron {
  /**
   * Fires.
   *
   * @param x input current [groups·T·B, ...], real
   * @return spikes of the same shape
   */
  Tensor fire(Ops ops, Tensor x);

  /** Fires on the output of a weight layer that nothing else uses. */
  default Tensor fireAfter(Ops ops, Tensor x, WeightLayer layer) {
    return fire(ops, ops.layer(x, layer));
  }
}
