package org.spike2former.snn.spikedriven;

import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/** Deployment form with integer spikes: one pass of fused multiply-adds {@code k·W}. */
public final class IntegerOps extends DeploymentOps {
  /**
   * Integer inference over operations on the CPU.
   *
   * @param maxSpikes the greatest D of the network's neurons
   */
  public IntegerOps(Ops cpu, int maxSpikes) {
    super(cpu, maxSpikes);
  }

  @Override
  public String describe() {
    return "integer, " + super.describe();
  }

  @Override
  Synapses prepare(MergedLayer merged) {
    WeightLayer layer = merged.toWeightLayer();
    return spikes -> cpuLayer(spikes.rescaled(1), layer);
  }

  @Override
  Tensor spikeProduct(Tensor a, Tensor b) {
    return cpuProduct(a, b);
  }
}
