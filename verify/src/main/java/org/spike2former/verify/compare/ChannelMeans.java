package org.spike2former.verify.compare;

import org.spike2former.tensor.Tensor;

/**
 * The mean of every channel of a neuron layer's potential: a few numbers in which an altered weight
 * shows even where all spikes stay the same.
 */
public final class ChannelMeans {
  private ChannelMeans() {}

  /**
   * Means [C] in float64 of a tensor [.., C]. Sums are compensated (Kahan), so that their rounding
   * does not count.
   */
  public static Tensor of(Tensor potential) {
    int channels = potential.dim(-1);
    double[] sums = new double[channels];
    double[] lost = new double[channels];
    for (int i = 0; i < potential.size(); i++) {
      int channel = i % channels;
      double next = potential.get(i) - lost[channel];
      double sum = sums[channel] + next;
      lost[channel] = sum - sums[channel] - next;
      sums[channel] = sum;
    }
    int each = Math.max(1, potential.size() / channels);
    for (int channel = 0; channel < channels; channel++) {
      sums[channel] /= each;
    }
    return Tensor.of(sums, channels);
  }
}
