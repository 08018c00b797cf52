package org.spike2former.verify.compare;

import com.fasterxml.jackson.annotation.JsonIgnore;
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
 * @param near how near to a rounding boundary a potential must be for either spike to be right
 */
public record Flip(
    String neuron,
    List<Integer> at,
    int recorded,
    int computed,
    Double potential,
    @JsonIgnore double near) {
  /** How near that is by default. */
  public static final double NEAR = 1e-5;

  /** Copies the coordinates. */
  public Flip {
    at = List.copyOf(at);
  }

  /** With the default nearness. */
  public Flip(String neuron, List<Integer> at, int recorded, int computed, Double potential) {
    this(neuron, at, recorded, computed, potential, NEAR);
  }

  /** The same with its potential. */
  Flip withPotential(Double value) {
    return new Flip(neuron, at, recorded, computed, value, near);
  }

  /**
   * Whether the two spikes are neighbours and the potential is near the rounding boundary k + ½
   * between them.
   */
  public boolean isNearTie() {
    double boundary = Math.min(recorded, computed) + 0.5;
    return potential != null
        && Math.abs(recorded - computed) == 1
        && Math.abs(potential - boundary) <= near;
  }
}
