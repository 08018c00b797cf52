package org.spike2former.snn.spikedriven;

import org.spike2former.tensor.Tensor;

/** A merged layer, prepared for one way of applying it to spikes. */
interface Synapses {
  /** The layer's output [..., cout], in the real type. */
  Tensor apply(Tensor spikes);
}
