package org.spike2former.snn.firing;

import org.spike2former.tensor.cpu.Workers;

/** Counts of spikes [rows, channels]: how often each k occurs, and the sum of each channel. */
final class SpikeCounts {
  /** Spikes are 0…127. */
  private static final int VALUES = 128;

  /** Bytes that stay in the first-level cache between the two passes. */
  private static final int BLOCK = 1 << 14;

  /** Narrow rows are summed several at a time, as one row of about this width. */
  private static final int WIDE = 512;

  private final long[] histogram = new long[VALUES];
  private final long[] channelSums;

  SpikeCounts(byte[] k, int channels, Workers workers) {
    channelSums = new long[channels];
    int rowsOfBlock = Math.max(1, BLOCK / channels);
    workers.run(k.length / channels, rowsOfBlock, (from, to) -> count(k, from, to, rowsOfBlock));
  }

  /** Number of neurons with each k. */
  long[] histogram() {
    return histogram;
  }

  /** Sum of k over each channel. */
  long[] channelSums() {
    return channelSums;
  }

  private void count(byte[] k, int fromRow, int toRow, int rowsOfBlock) {
    int channels = channelSums.length;
    int rowsAtOnce = Math.min(rowsOfBlock, Math.max(1, WIDE / channels));
    int[] ofK = new int[4 * VALUES];
    int[] sums = new int[rowsAtOnce * channels];
    for (int row = fromRow; row < toRow; row += rowsOfBlock) {
      int end = Math.min(toRow, row + rowsOfBlock) * channels;
      addHistogram(k, row * channels, end, ofK);
      addSums(k, row * channels, end, sums);
    }
    synchronized (this) {
      for (int i = 0; i < ofK.length; i++) {
        histogram[i % VALUES] += ofK[i];
      }
      for (int i = 0; i < sums.length; i++) {
        channelSums[i % channels] += sums[i];
      }
    }
  }

  /** Four tables, so that an increment need not wait for the one before it. */
  private static void addHistogram(byte[] k, int from, int to, int[] ofK) {
    int i = from;
    for (; i + 3 < to; i += 4) {
      ofK[k[i]]++;
      ofK[VALUES + k[i + 1]]++;
      ofK[2 * VALUES + k[i + 2]]++;
      ofK[3 * VALUES + k[i + 3]]++;
    }
    for (; i < to; i++) {
      ofK[k[i]]++;
    }
  }

  private static void addSums(byte[] k, int from, int to, int[] sums) {
    for (int start = from; start < to; start += sums.length) {
      int width = Math.min(sums.length, to - start);
      for (int i = 0; i < width; i++) {
        sums[i] += k[start + i];
      }
    }
  }
}
