package org.spike2former.snn.spikedriven;

/**
 * The products {@code kᵀ·v} and {@code q·(kᵀ·v)} of binary maps, counted up in integers. As in
 * {@link AdditionsF32}, a test refuses any multiplication of numbers here.
 */
final class AttentionSums {
  private AttentionSums() {}

  /**
   * Counts, for each channel pair of a head, the tokens and steps in which both fired.
   *
   * @param k keys, {@code keys} rows from {@code row} on, channels from {@code kFrom} on
   * @param v values, the same rows, channels from {@code vFrom} on
   * @param pairs [width][value width], which are added to
   * @return additions done
   */
  static long keyValue(
      BinaryMaps k, int kFrom, BinaryMaps v, int vFrom, int row, int keys, long[][] pairs) {
    long added = 0;
    int width = pairs[0].length;
    int[] ones = new int[v.steps() * width];
    for (int key = row; key < row + keys; key++) {
      int count = 0;
      for (int step = 0; step < v.steps(); step++) {
        count = v.list(step, key, vFrom, width, ones, count);
      }
      for (int step = 0; step < k.steps() && count > 0; step++) {
        for (int block = 0; block < pairs.length; block += Long.SIZE) {
          long left = k.bits(step, key, kFrom + block, pairs.length - block);
          for (; left != 0; left &= left - 1) {
            count(ones, count, pairs[block + Long.numberOfTrailingZeros(left)]);
            added += count;
          }
        }
      }
    }
    return added;
  }

  private static void count(int[] ones, int count, long[] counts) {
    for (int i = 0; i < count; i++) {
      counts[ones[i]]++;
    }
  }

  /**
   * Adds, for each one of a query, its channel's row of {@code pairs}.
   *
   * @param out sums of the row, from {@code at} on
   * @return additions done
   */
  static long query(BinaryMaps q, int row, int from, long[][] pairs, long[] out, int at) {
    long added = 0;
    for (int step = 0; step < q.steps(); step++) {
      for (int block = 0; block < pairs.length; block += Long.SIZE) {
        long left = q.bits(step, row, from + block, pairs.length - block);
        for (; left != 0; left &= left - 1) {
          added += add(pairs[block + Long.numberOfTrailingZeros(left)], out, at);
        }
      }
    }
    return added;
  }

  private static int add(long[] counts, long[] out, int at) {
    for (int b = 0; b < counts.length; b++) {
      out[at + b] += counts[b];
    }
    return counts.length;
  }
}
