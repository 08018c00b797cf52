package org.spike2former.snn.firing;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * How a neuron layer fired over a number of images. A layer has a neuron for every channel and
 * position; its channels are told apart, positions and time steps are not.
 */
public final class LayerFiring implements Serializable {
  private static final long serialVersionUID = 1;

  private final String name;
  private final int maxSpikes;
  private final long[] histogram;
  private final long[] channelSums;

  /** They are added at the end, so that parts can be merged. */
  private final ArrayList<Double> imageMeans = new ArrayList<>();

  LayerFiring(String name, int maxSpikes, int channels) {
    this.name = name;
    this.maxSpikes = maxSpikes;
    this.histogram = new long[maxSpikes + 1];
    this.channelSums = new long[channels];
  }

  void add(SpikeCounts counts) {
    long spikes = 0;
    for (int k = 0; k <= maxSpikes; k++) {
      histogram[k] += counts.count(k);
      spikes += k * counts.count(k);
    }
    for (int c = 0; c < channelSums.length; c++) {
      channelSums[c] += counts.channelSums()[c];
    }
    imageMeans.add((double) spikes / counts.neurons());
  }

  /**
   * Adds how the layer fired over images that come next.
   *
   * @throws IllegalArgumentException if it is another layer
   */
  public void add(LayerFiring next) {
    if (!next.name.equals(name)
        || next.maxSpikes != maxSpikes
        || next.channelSums.length != channelSums.length) {
      throw new IllegalArgumentException("layer " + next.name + " is not " + name);
    }
    for (int k = 0; k < histogram.length; k++) {
      histogram[k] += next.histogram[k];
    }
    for (int c = 0; c < channelSums.length; c++) {
      channelSums[c] += next.channelSums[c];
    }
    imageMeans.addAll(next.imageMeans);
  }

  /** Path of the layer. */
  public String name() {
    return name;
  }

  /** D. */
  public int maxSpikes() {
    return maxSpikes;
  }

  /** Number of channels C. */
  public int channels() {
    return channelSums.length;
  }

  /** Number of images. */
  public int images() {
    return imageMeans.size();
  }

  /** How many neurons fired k = 0…D, over all images. */
  public long[] histogram() {
    return histogram.clone();
  }

  private long neurons() {
    return Arrays.stream(histogram).sum();
  }

  /** Mean k over all neurons of all images. */
  public double meanSpikes() {
    return (double) Arrays.stream(channelSums).sum() / neurons();
  }

  /** The mean over the images of each image's mean k; images of different sizes count equally. */
  public double meanSpikesOfImages() {
    double sum = 0;
    for (double mean : imageMeans) {
      sum += mean;
    }
    return sum / imageMeans.size();
  }

  /** Firing rate R = mean(k)/D. */
  public double rate() {
    return meanSpikes() / maxSpikes;
  }

  /** The firing rate of each channel. */
  public double[] channelRates() {
    double most = (double) neurons() / channels() * maxSpikes;
    return Arrays.stream(channelSums).mapToDouble(sum -> sum / most).toArray();
  }

  /** Share of neurons with that k. */
  public double share(int k) {
    return (double) histogram[k] / neurons();
  }

  /** Share of neurons that fired at all. */
  public double nonZero() {
    return 1 - share(0);
  }

  /** Number of channels that fired nowhere in any image. */
  public int silentChannels() {
    return channelsWithSum(0);
  }

  /** Number of channels that fired D everywhere in every image. */
  public int saturatedChannels() {
    return channelsWithSum(neurons() / channels() * maxSpikes);
  }

  private int channelsWithSum(long sum) {
    return (int) Arrays.stream(channelSums).filter(s -> s == sum).count();
  }
}
