package org.spike2former.snn.spikedriven;

import org.spike2former.tensor.DType;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;

/**
 * What a neuron layer emits over D virtual steps, one binary map a step ({@code model.md} section
 * 1): an integer k becomes ones in the steps 0…k−1 and zeros in the others. A bit is an element.
 */
public final class BinaryMaps {
  private final int steps;
  private final int rows;
  private final int channels;
  private final int words;
  private final long[] bits;

  private BinaryMaps(int steps, int rows, int channels) {
    this.steps = steps;
    this.rows = rows;
    this.channels = channels;
    words = Math.ceilDiv(channels, Long.SIZE);
    bits = new long[Shape.size(steps, rows, words)];
  }

  /**
   * Expands spikes.
   *
   * @param spikes [..., C], integers 0…steps
   * @param steps D
   * @throws ShapeException if the tensor does not hold spikes
   * @throws IllegalArgumentException if a spike exceeds {@code steps}
   */
  public static BinaryMaps of(Tensor spikes, int steps) {
    if (spikes.dtype() != DType.SPIKES) {
      throw new ShapeException("expected spikes, found " + spikes);
    }
    int channels = spikes.dim(-1);
    BinaryMaps maps = new BinaryMaps(steps, spikes.size() / channels, channels);
    byte[] k = spikes.bytes();
    for (int row = 0; row < maps.rows; row++) {
      for (int c = 0; c < channels; c++) {
        int fired = k[row * channels + c];
        if (fired < 0 || fired > steps) {
          throw new IllegalArgumentException(
              "a neuron fired " + fired + " spikes in " + steps + " steps");
        }
        for (int step = 0; step < fired; step++) {
          maps.bits[maps.word(step, row) + (c >> 6)] |= 1L << c;
        }
      }
    }
    return maps;
  }

  /** Virtual steps D. */
  public int steps() {
    return steps;
  }

  /** Positions of a map: elements over channels. */
  int rows() {
    return rows;
  }

  /** Words that hold a row of a map. */
  int words() {
    return words;
  }

  /** All maps: step, row, word, and channels from the lowest bit on. */
  long[] bits() {
    return bits;
  }

  /** Index of the first word of a row in the map of a step. */
  int word(int step, int row) {
    return (step * rows + row) * words;
  }

  /** The first channel from {@code channel} on that fired; at least C if none did. */
  int next(int step, int row, int channel) {
    int at = word(step, row);
    for (int word = channel >> 6; word < words; word++) {
      long left = bits[at + word];
      if (word == channel >> 6) {
        left &= -1L << channel;
      }
      if (left != 0) {
        return (word << 6) + Long.numberOfTrailingZeros(left);
      }
    }
    return channels;
  }

  /** Ones over all maps. */
  public long ones() {
    long ones = 0;
    for (long word : bits) {
      ones += Long.bitCount(word);
    }
    return ones;
  }

  /** Share of ones: spikes per neuron and virtual step, the R of the energy model. */
  public double firingRate() {
    return (double) ones() / steps / rows / channels;
  }
}
