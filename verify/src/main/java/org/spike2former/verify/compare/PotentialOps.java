package org.spike2former.verify.compare;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.verify.folder.Layouts;

/**
 * Looks up the potentials of differing spikes in another run, in float64. Only those numbers are
 * kept, so the run needs no more memory than any other.
 */
public final class PotentialOps extends ForwardingOps {
  private final Layouts layouts;
  private final Map<String, SpikeComparison> comparisons = new HashMap<>();

  public PotentialOps(Ops float64, Layouts layouts, List<SpikeComparison> flipped) {
    super(float64);
    this.layouts = layouts;
    flipped.forEach(comparison -> comparisons.put(comparison.neuron(), comparison));
  }

  /** The comparisons by neuron layer, with potentials once the network has run. */
  public Map<String, SpikeComparison> comparisons() {
    return comparisons;
  }

  @Override
  public Tensor observeSpikes(String neuron, Tensor potential, Tensor spikes) {
    comparisons.computeIfPresent(neuron, (_, comparison) -> lookUp(comparison, potential));
    return super.observeSpikes(neuron, potential, spikes);
  }

  private SpikeComparison lookUp(SpikeComparison comparison, Tensor potential) {
    Tensor recorded = layouts.toRecorded(comparison.neuron(), potential);
    int[] shape = recorded.shape();
    return comparison.withFlips(
        comparison.flips().stream()
            .map(flip -> flip.withPotential(recorded.get(Difference.index(flip.at(), shape))))
            .toList());
  }
}
