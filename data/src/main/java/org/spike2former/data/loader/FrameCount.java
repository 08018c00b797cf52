package org.spike2former.data.loader;

import org.spike2former.data.pixel.Frames;

/** Mean, deviation and range of each channel of event frames. */
public final class FrameCount {
  private final double[] sums;
  private final double[] squares;
  private final float[] least;
  private final float[] greatest;
  private long numbers;

  FrameCount(int channels) {
    sums = new double[channels];
    squares = new double[channels];
    least = new float[channels];
    greatest = new float[channels];
  }

  void add(Frames frames) {
    float[] values = frames.values();
    int channels = sums.length;
    for (int i = 0; i < values.length; i++) {
      int c = i % channels;
      boolean first = numbers == 0 && i < channels;
      sums[c] += values[i];
      squares[c] += (double) values[i] * values[i];
      least[c] = first ? values[i] : Math.min(least[c], values[i]);
      greatest[c] = first ? values[i] : Math.max(greatest[c], values[i]);
    }
    numbers += values.length / channels;
  }

  /** C. */
  public int channels() {
    return sums.length;
  }

  /** Mean of a channel. */
  public double mean(int c) {
    return sums[c] / numbers;
  }

  /** Standard deviation of a channel. */
  public double deviation(int c) {
    double variance = squares[c] / numbers - mean(c) * mean(c);
    return Math.sqrt(Math.max(0, variance));
  }

  /** Smallest number of a channel. */
  public float least(int c) {
    return least[c];
  }

  /** Greatest number of a channel. */
  public float greatest(int c) {
    return greatest[c];
  }
}
