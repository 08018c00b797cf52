package org.spike2former.snn.firing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

/**
 * Statistics of every neuron layer, image by image; of an image no more is kept than a number for
 * each layer.
 */
public final class FiringStatistics implements SpikeListener {
  private final Map<String, LayerFiring> layers = new LinkedHashMap<>();
  private final Workers workers;

  /** Counts with these threads; the counts do not depend on their number. */
  public FiringStatistics(Workers workers) {
    this.workers = workers;
  }

  /** The layers in the order in which they fire. */
  public List<LayerFiring> layers() {
    return List.copyOf(layers.values());
  }

  /** The layer of that name, or null. */
  public LayerFiring layer(String name) {
    return layers.get(name);
  }

  @Override
  public void fired(String neuron, int maxSpikes, Tensor spikes) {
    int channels = spikes.dim(-1);
    layers
        .computeIfAbsent(neuron, name -> new LayerFiring(name, maxSpikes, channels))
        .add(new SpikeCounts(spikes.bytes(), channels, maxSpikes, workers));
  }
}
