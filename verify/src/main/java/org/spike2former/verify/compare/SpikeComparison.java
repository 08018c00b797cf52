package org.spike2former.verify.compare;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;

/**
 * A neuron layer's spikes against the recorded ones.
 *
 * @param neuron path of the layer
 * @param elements spikes compared
 * @param flipped spikes that differ
 * @param greatest greatest difference in k
 * @param flips the differing spikes, the first {@value #MOST_LISTED} of them
 */
public record SpikeComparison(
    String neuron, long elements, long flipped, int greatest, List<Flip> flips) {
  /** A layer with more differing spikes than this has other troubles than near ties. */
  static final int MOST_LISTED = 1000;

  /** Copies the list. */
  public SpikeComparison {
    flips = List.copyOf(flips);
  }

  /** As {@link #of(String, Tensor, Tensor, double)} with the default nearness of ties. */
  public static SpikeComparison of(String neuron, Tensor recorded, Tensor computed) {
    return of(neuron, recorded, computed, Flip.NEAR);
  }

  /**
   * Compares spikes k, whatever their scales.
   *
   * @param near how near to a rounding boundary a near tie is
   * @throws ShapeException naming the layer if the shapes differ
   */
  public static SpikeComparison of(String neuron, Tensor recorded, Tensor computed, double near) {
    Shape.require(neuron, recorded.shape(), computed.shape());
    byte[] wanted = recorded.bytes();
    byte[] found = computed.bytes();
    long flipped = 0;
    int greatest = 0;
    List<Flip> flips = new ArrayList<>();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] != found[i]) {
        flipped++;
        greatest = Math.max(greatest, Math.abs(wanted[i] - found[i]));
        if (flips.size() < MOST_LISTED) {
          List<Integer> at = TensorComparison.list(Difference.coordinates(i, recorded.shape()));
          flips.add(new Flip(neuron, at, wanted[i], found[i], null, near));
        }
      }
    }
    return new SpikeComparison(neuron, wanted.length, flipped, greatest, flips);
  }

  /** The same with other flips, which know their potentials. */
  SpikeComparison withFlips(List<Flip> known) {
    return new SpikeComparison(neuron, elements, flipped, greatest, known);
  }

  /** The row of a report: it passes if every differing spike is a near tie. */
  public TensorComparison row() {
    long nearTies = flips.stream().filter(Flip::isNearTie).count();
    String note = "";
    if (nearTies < flipped) {
      note = (flipped - nearTies) + " spikes differ without a near tie";
    } else if (flipped > 0) {
      note = "near ties only";
    }
    return new TensorComparison(
        neuron,
        ComparisonKind.SPIKES,
        elements,
        greatest,
        0,
        flips.isEmpty() ? List.of() : flips.get(0).at(),
        flipped,
        nearTies,
        nearTies == flipped,
        note);
  }
}
