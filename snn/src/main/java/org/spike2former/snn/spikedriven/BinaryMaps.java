package org.spike2former.snn.spikedriven;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;

/**
 * What a neuron layer emits over D virtual steps, one binary map a step ({@code model.md} section
 * 1): an integer k becomes ones in the steps 0…k−1 and zeros in the others. A bit is an element.
 */
public final class BinaryMaps {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long BYTES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

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
    for (int row = 0; row < maps.rows; row++) {
      maps.expand(spikes.bytes(), row);
    }
    return maps;
  }

  private void expand(byte[] k, int row) {
    int first = row * channels;
    int whole = channels / Long.BYTES * Long.BYTES;
    for (int c = 0; c < whole; c += Long.BYTES) {
      check((long) EIGHT.get(k, first + c));
    }
    for (int c = whole; c < channels; c++) {
      check(k[first + c] & 0xff);
    }
    for (int step = 0; step < steps; step++) {
      int word = word(step, row);
      for (int c = 0; c < channels; c += Long.SIZE) {
        int end = Math.min(c + Long.SIZE, channels);
        bits[word++] = fired(k, first + c, first + end, step);
      }
    }
  }

  /** A bit for each of up to 64 numbers: whether it is greater than the step. */
  private static long fired(byte[] k, int from, int to, int step) {
    long bits = 0;
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      // The sum's highest bits, brought together: bit 8i + 7 moves to bit 56 + i.
      long high = (long) EIGHT.get(k, at) + BYTES * (Byte.MAX_VALUE - step) & HIGH_BITS;
      bits |= (high * 0x0002040810204081L >>> 56) << (at - from);
    }
    for (; at < to; at++) {
      bits |= k[at] > step ? 1L << (at - from) : 0;
    }
    return bits;
  }

  /** Eight numbers, a byte each: none is negative or above D. */
  private void check(long eight) {
    long above = eight + BYTES * (Byte.MAX_VALUE - steps);
    if (((eight | above) & HIGH_BITS) != 0) {
      for (int i = 0; i < Long.BYTES; i++) {
        byte fired = (byte) (eight >> 8 * i);
        if (fired < 0 || fired > steps) {
          throw new IllegalArgumentException(
              "a neuron fired " + fired + " spikes in " + steps + " steps");
        }
      }
    }
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

  /**
   * Up to 64 channels from one on.
   *
   * @param count channels that count, more than none; the bits of others are zero
   */
  long bits(int step, int row, int channel, int count) {
    int at = word(step, row) + (channel >> 6);
    long low = bits[at] >>> channel;
    boolean crosses = (channel & Long.SIZE - 1) + count > Long.SIZE;
    // Two shifts, as one by 64 would be none.
    long high = crosses && at + 1 < word(step, row + 1) ? bits[at + 1] << 1 << ~channel : 0;
    return (low | high) & (count < Long.SIZE ? ~(-1L << count) : -1L);
  }

  /**
   * Lists the ones among some channels.
   *
   * @param list takes them from {@code at} on, counted from the first of those channels
   * @return where the list ends
   */
  int list(int step, int row, int channel, int count, int[] list, int at) {
    int end = at;
    for (int block = 0; block < count; block += Long.SIZE) {
      long left = bits(step, row, channel + block, count - block);
      for (; left != 0; left &= left - 1) {
        list[end++] = block + Long.numberOfTrailingZeros(left);
      }
    }
    return end;
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
