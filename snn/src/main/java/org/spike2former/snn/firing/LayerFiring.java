package org.spike2former.snn.firing;

import java.util.Arrays;

/**
 * How a neuron layer fired over a number of images. A layer has a neuron for every channel and
 * position; its channels are told apart, positions and time steps are not.
 */
public final class LayerFiring {
  private final String name;
  private final int maxSpikes;
  private final long[] histogram;
  private final long[] channelSums;
  private int images;
  private double sumOfImageMeans;

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
    images++;
    sumOfImageMeans += (double) spikes / counts.neurons();
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
    return images;
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
    return sumOfImageMeans / images;
  }

  /** Firing rate R = mean(k)/D. */
  public double rate() {
    return meanSpikes() / maxSpikes;
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
