package org.spike2former.snn;

import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/**
 * Leaky integrate-and-fire neuron with binary spikes and a soft reset:
 *
 * <pre>
 *   U[t] = H[t-1] + X[t]
 *   k[t] = 1 where U[t] ≥ θ, else 0
 *   H[t] = β (U[t] − θ·k[t])
 * </pre>
 *
 * <p>IF is β = 1.
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
   * @param scale what one spike stands for
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

  /** IF: integrates without a leak. */
  public static Lif withoutLeak(String name, double threshold, int timeSteps) {
    return new Lif(name, threshold, 1, 1, timeSteps, 1);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int maxSpikes() {
    return 1;
  }

  @Override
  public double scale() {
    return scale;
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
      Tensor fired = ops.multiply(spikes, threshold);
      return ops.multiply(ops.subtract(membrane, fired), decay);
    }
  }
}
