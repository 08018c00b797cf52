package org.spike2former.verify;

import java.util.List;

/**
 * A spike that differs from the recorded one.
 *
 * @param neuron path of the neuron layer
 * @param at coordinates in PyTorch's layout
 * @param recorded recorded spike k
 * @param computed computed spike k
 * @param potential what the neuron was given in a float64 run whose spikes in this layer are the
 *     recorded ones; null if there is no such run
 */
public record Flip(String neuron, List<Integer> at, int recorded, int computed, Double potential) {
  /** How near to a rounding boundary a potential must be for either spike to be right. */
  public static final double NEAR = 1e-5;

  /** Copies the coordinates. */
  public Flip {
    at = List.copyOf(at);
  }

  /** The same with its potential. */
  Flip withPotential(Double value) {
    return new Flip(neuron, at, recorded, computed, value);
  }

  /**
   * Whether the two spikes are neighbours and the potential is within {@value #NEAR} of the
   * rounding boundary k + ½ between them.
   */
  public boolean isNearTie() {
    double boundary = Math.min(recorded, computed) + 0.5;
    return potential != null
        && Math.abs(recorded - computed) == 1
        && Math.abs(potential - boundary) <= NEAR;
  }
}
