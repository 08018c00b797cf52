package org.spike2former.snn;

import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/**
 * Leaky integrate-and-fire neuron with binary spikes and a soft reset ({@code model.md} section 1):
 *
 * <pre>
 *   U[t] = H[t-1] + X[t]
 *   k[t] = 1 where U[t] ≥ θ, else 0;  S[t] = k[t]·scale
 *   H[t] = β (U[t] − θ·k[t])
 * </pre>
 *
 * <p>IF is β = 1. Gradients pass through the firing by {@link
 * org.spike2former.tensor.Derivatives#fire}, and through the reset.
 */
public final class Lif implements Neuron {
  private final String name;
  private final double threshold;
  private final double decay;
  private final double scale;
  private final TimeLoop time;

  /**
   * A layer of neurons.
   *
   * @param name module path
   * @param threshold θ, above 0
   * @param decay β
   * @param scale what one spike stands for: 1, or a in the head
   * @param timeSteps T
   * @param groups independent sequences on the first axis
   */
  public Lif(String name, double threshold, double decay, double scale, int timeSteps, int groups) {
    this.name = name;
    this.threshold = threshold;
    this.decay = decay;
    this.scale = scale;
    this.time = new TimeLoop(timeSteps, groups);
  }

  @Override
  public Tensor fire(Ops ops, Tensor x) {
    return ops.observeSpikes(name, x, time.run(ops, x, new Membrane()).rescaled(scale));
  }

  private final class Membrane implements TimeLoop.Dynamics {
    @Override
    public Tensor fire(Ops ops, Tensor membrane) {
      return ops.fire(membrane, threshold, 1);
    }

    @Override
    public Tensor keep(Ops ops, Tensor membrane, Tensor spikes) {
      Tensor left = ops.subtract(membrane, ops.multiply(spikes, threshold));
      return decay == 1 ? left : ops.multiply(left, decay);
    }
  }
}
