package org.spike2former.data.loader;

import java.util.random.RandomGenerator;

/**
 * The order of a run without end: every epoch is a permutation of its own, drawn from (seed,
 * epoch).
 */
final class EpochOrder {
  private final int size;
  private final long seed;
  private final int[][] recent = new int[2][];
  private final long[] epochs = {-1, -1};

  EpochOrder(int size, long seed) {
    this.size = size;
    this.seed = seed;
  }

  /** The image that comes {@code skipped} places after place {@code number}, in its epoch. */
  int index(long number, int skipped) {
    return permutation(number / size)[(int) ((number + skipped) % size)];
  }

  /** Batches overlap two epochs at most, so two are kept. */
  private synchronized int[] permutation(long epoch) {
    int slot = (int) (epoch % 2);
    if (epochs[slot] != epoch) {
      recent[slot] = draw(epoch);
      epochs[slot] = epoch;
    }
    return recent[slot];
  }

  /** Fisher and Yates' shuffle. */
  private int[] draw(long epoch) {
    RandomGenerator random = Seeds.generator(seed, Seeds.Purpose.ORDER, epoch);
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
