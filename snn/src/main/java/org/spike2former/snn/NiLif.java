package org.spike2former.snn;

import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Normalised integer leaky integrate-and-fire neuron (paper eq. 16-18, {@code model.md} section 1):
 *
 * <pre>
 *   U[t] = H[t-1] + X[t]
 *   k[t] = rint(clamp(U[t], 0, D)),  S[t] = k[t]·scale
 *   H[t] = β (U[t] − k[t])
 * </pre>
 *
 * <p>With β = 0 it has no memory, as in the authors' release. The scale is 1/norm; I-LIF is norm =
 * 1. Gradients pass by {@link org.spike2former.tensor.Derivatives#spikes}, and through the reset.
 */
public final class NiLif implements Neuron {
  private final String name;
  private final int maxSpikes;
  private final double scale;
  private final double decay;
  private final TimeLoop time;

  /**
   * A layer of neurons.
   *
   * @param name module path
   * @param maxSpikes D
   * @param scale what one spike stands for: 1/norm, or a/norm in the head
   * @param decay β, 0 for no memory
   * @param timeSteps T
   * @param groups independent sequences on the first axis
   */
  public NiLif(String name, int maxSpikes, double scale, double decay, int timeSteps, int groups) {
    this.name = name;
    this.maxSpikes = maxSpikes;
    this.scale = scale;
    this.decay = decay;
    this.time = new TimeLoop(timeSteps, groups);
  }

  @Override
  public Tensor fire(Ops ops, Tensor x) {
    Tensor spikes =
        decay == 0
            ? ops.spikes(x, maxSpikes, scale)
            : time.run(ops, x, new Membrane()).rescaled(scale);
    return ops.observeSpikes(name, x, spikes);
  }

  @Override
  public Tensor fireAfter(Ops ops, Tensor x, WeightLayer layer) {
    return decay == 0
        ? ops.layerSpikes(x, layer, name, maxSpikes, scale)
        : fire(ops, ops.layer(x, layer));
  }

  private final class Membrane implements TimeLoop.Dynamics {
    @Override
    public Tensor fire(Ops ops, Tensor membrane) {
      return ops.spikes(membrane, maxSpikes, 1);
    }

    @Override
    public Tensor keep(Ops ops, Tensor membrane, Tensor spikes) {
      return ops.multiply(ops.subtract(membrane, ops.multiply(spikes, 1)), decay);
    }
  }
}
