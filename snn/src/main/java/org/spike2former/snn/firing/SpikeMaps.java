package org.spike2former.snn.firing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.spike2former.tensor.Tensor;

/** Where chosen layers fired in the last image: the firing rate of each position. */
public final class SpikeMaps implements SpikeListener {
  private final Map<String, Tensor> maps = new LinkedHashMap<>();
  private final Set<String> neurons;

  /** Listens to the layers of these names. */
  public SpikeMaps(Set<String> neurons) {
    this.neurons = Set.copyOf(neurons);
  }

  /**
   * By layer, the mean of k/D over channels, time steps and images of the batch: [H, W] of a map,
   * [L] of tokens.
   */
  public Map<String, Tensor> maps() {
    return maps;
  }

  @Override
  public void fired(String neuron, int maxSpikes, Tensor spikes) {
    if (!neurons.contains(neuron)) {
      return;
    }
    int positions = spikes.size() / spikes.dim(0) / spikes.dim(-1);
    float[] rates = new float[positions];
    byte[] k = spikes.bytes();
    int channels = spikes.dim(-1);
    float share = 1f / ((float) maxSpikes * spikes.dim(0) * channels);
    for (int row = 0; row < k.length / channels; row++) {
      int sum = 0;
      for (int c = 0; c < channels; c++) {
        sum += k[row * channels + c];
      }
      rates[row % positions] += share * sum;
    }
    int[] shape = spikes.shape();
    maps.put(
        neuron,
        shape.length == 4 ? Tensor.of(rates, shape[1], shape[2]) : Tensor.of(rates, positions));
  }
}
