package org.spike2former.snn.firing;

import java.util.List;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Lets listeners hear the spikes of every neuron layer while the network runs as it would without
 * them: neurons stay fused with the layers before them, and storage is used again.
 */
public final class SpikeTap extends ForwardingOps {
  private final List<SpikeListener> listeners;
  private int lastMaxSpikes;

  /** Listens to {@code ops}. */
  public SpikeTap(Ops ops, List<SpikeListener> listeners) {
    super(ops);
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void beginRun(boolean reuse, Object kind) {
    delegate().beginRun(reuse, kind);
  }

  @Override
  public Tensor addLayer(Tensor residual, Tensor x, WeightLayer layer, String block) {
    return delegate().addLayer(residual, x, layer, block);
  }

  @Override
  public Tensor layerSpikes(
      Tensor x, WeightLayer layer, String neuron, int maxSpikes, double scale) {
    Tensor spikes = delegate().layerSpikes(x, layer, neuron, maxSpikes, scale);
    tell(neuron, maxSpikes, spikes);
    return spikes;
  }

  @Override
  public Tensor spikes(Tensor x, int maxSpikes, double scale) {
    lastMaxSpikes = maxSpikes;
    return delegate().spikes(x, maxSpikes, scale);
  }

  @Override
  public Tensor fire(Tensor x, double threshold, double scale) {
    lastMaxSpikes = 1;
    return delegate().fire(x, threshold, scale);
  }

  /** A neuron calls this when it has fired, by {@link #spikes} or {@link #fire}. */
  @Override
  public Tensor observeSpikes(String neuron, Tensor potential, Tensor spikes) {
    Tensor passed = delegate().observeSpikes(neuron, potential, spikes);
    tell(neuron, lastMaxSpikes, passed);
    return passed;
  }

  private void tell(String neuron, int maxSpikes, Tensor spikes) {
    for (SpikeListener listener : listeners) {
      listener.fired(neuron, maxSpikes, spikes);
    }
  }
}
