package org.spike2former.verify.compare;

import java.util.LinkedHashMap;
import java.util.Map;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/** Keeps every observed tensor of a run, and a digest of every neuron layer's potential. */
public final class BitCapture extends ForwardingOps {
  /**
   * What was observed under one name.
   *
   * @param potential {@link Bits#digest digest} of a neuron layer's potential; 0 for a block
   */
  public record Observation(ComparisonKind kind, Tensor tensor, int potential) {}

  private final Map<String, Observation> observations = new LinkedHashMap<>();

  public BitCapture(Ops ops) {
    super(ops);
  }

  /** Observations by name, in the order of the run. */
  public Map<String, Observation> observations() {
    return observations;
  }

  @Override
  public Tensor observe(String block, Tensor output) {
    observations.put(block, new Observation(ComparisonKind.TRACE, output, 0));
    return output;
  }

  @Override
  public Tensor observeSpikes(String neuron, Tensor potential, Tensor spikes) {
    observations.put(
        neuron, new Observation(ComparisonKind.SPIKES, spikes, Bits.digest(potential)));
    return spikes;
  }
}
