package org.spike2former.snn.firing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.spike2former.tensor.cpu.Workers;

/**
 * Counts of spikes [rows, channels]: how often each k occurs, and the sum of each channel.
 *
 * <p>For each d = 1…D it counts k ≥ d, in eight bytes of a long at once and in loops that the
 * compiler makes vectors of; the sums of these counts are what is wanted. Several rows make a wide
 * row, so that loops are long where channels are few.
 */
final class SpikeCounts {
  /** Bytes of a wide row, about. */
  private static final int WIDE = 1024;

  /** Wide rows of a small layer, about; sums are taken apart once for all of them. */
  private static final int MIN_WIDE_ROWS = 32;

  /** Wide rows that a thread takes at least. */
  private static final int GRAIN = 64;

  /** Wide rows until a byte that counts them would overflow. */
  private static final int FULL = 255;

  private static final long ONES = 0x0101010101010101L;

  private final int maxSpikes;
  private final long[] atLeast;
  private final long[] channelSums;
  private final long neurons;

  SpikeCounts(byte[] k, int channels, int maxSpikes, Workers workers) {
    this.maxSpikes = maxSpikes;
    atLeast = new long[maxSpikes + 1];
    channelSums = new long[channels];
    neurons = k.length;
    int width = width(k.length, channels);
    int wideRows = k.length / width;
    LongBuffer words = ByteBuffer.wrap(k).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    workers.run(wideRows, GRAIN, (from, to) -> count(words, width / Long.BYTES, from, to));
    for (int i = wideRows * width; i < k.length; i++) {
      channelSums[i % channels] += k[i];
      for (int d = 1; d <= k[i]; d++) {
        atLeast[d]++;
      }
    }
  }

  /** A multiple of a row that is a multiple of a long. */
  private static int width(int bytes, int channels) {
    int unit = channels;
    while (unit % Long.BYTES != 0) {
      unit *= 2;
    }
    return unit * Math.max(1, Math.min(WIDE, bytes / MIN_WIDE_ROWS) / unit);
  }

  /** Number of neurons with that k. */
  long count(int k) {
    return (k == 0 ? neurons : atLeast[k]) - (k == maxSpikes ? 0 : atLeast[k + 1]);
  }

  /** Number of neurons. */
  long neurons() {
    return neurons;
  }

  /** Sum of k over each channel. */
  long[] channelSums() {
    return channelSums;
  }

  private void count(LongBuffer words, int width, int fromRow, int toRow) {
    long[] row = new long[width];
    long[][] counts = new long[maxSpikes + 1][width];
    for (int r = fromRow; r < toRow; r++) {
      words.get(r * width, row);
      for (int d = 1; d <= maxSpikes; d++) {
        addAtLeast(d, row, counts[d]);
      }
      if ((r - fromRow) % FULL == FULL - 1 || r == toRow - 1) {
        take(counts);
      }
    }
  }

  /** Adds 1 to each byte of the counts where the spike's is d or more; spikes are 0…127. */
  private static void addAtLeast(int d, long[] spikes, long[] counts) {
    long bias = (128 - d) * ONES;
    for (int i = 0; i < spikes.length; i++) {
      counts[i] += (spikes[i] + bias) >>> 7 & ONES;
    }
  }

  /** Takes the counts apart and clears them. */
  private synchronized void take(long[][] counts) {
    for (int d = 1; d < counts.length; d++) {
      long sum = 0;
      int channel = 0;
      for (int i = 0; i < counts[d].length; i++) {
        long word = counts[d][i];
        for (int lane = 0; lane < Long.BYTES; lane++) {
          long count = word >>> 8 * lane & 0xff;
          sum += count;
          channelSums[channel] += count;
          channel = channel + 1 == channelSums.length ? 0 : channel + 1;
        }
        counts[d][i] = 0;
      }
      atLeast[d] += sum;
    }
  }
}
