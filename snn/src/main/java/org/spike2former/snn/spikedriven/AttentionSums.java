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
    int kTo = kFrom + pairs.length;
    for (int key = row; key < row + keys; key++) {
      for (int step = 0; step < k.steps(); step++) {
        for (int a = k.next(step, key, kFrom); a < kTo; a = k.next(step, key, a + 1)) {
          added += addOnes(v, key, vFrom, pairs[a - kFrom]);
        }
      }
    }
    return added;
  }

  private static long addOnes(BinaryMaps v, int key, int from, long[] counts) {
    long added = 0;
    int to = from + counts.length;
    for (int step = 0; step < v.steps(); step++) {
      for (int b = v.next(step, key, from); b < to; b = v.next(step, key, b + 1)) {
        counts[b - from]++;
        added++;
      }
    }
    return added;
  }

  /**
   * Adds, for each one of a query, its channel's row of {@code pairs}.
   *
   * @param out sums of the row, from {@code at} on
   * @return additions done
   */
  static long query(BinaryMaps q, int row, int from, long[][] pairs, long[] out, int at) {
    long added = 0;
    int to = from + pairs.length;
    for (int step = 0; step < q.steps(); step++) {
      for (int a = q.next(step, row, from); a < to; a = q.next(step, row, a + 1)) {
        long[] counts = pairs[a - from];
        for (int b = 0; b < counts.length; b++) {
          out[at + b] += counts[b];
        }
        added += counts.length;
      }
    }
    return added;
  }
}
