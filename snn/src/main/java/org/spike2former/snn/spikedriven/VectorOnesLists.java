package org.spike2former.snn.spikedriven;

import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.Window;

/**
 * The ones of binary maps as lists, one for each step, position and block of 64 channels. An entry
 * is {@code column·channels + channel}, the column being the position's in its row of the map, and
 * of it the lowest 16 bits: so neighbouring positions' lists are one list of neighbouring rows of
 * weights.
 */
final class VectorOnesLists {
  private static final int GRAIN = 256;
  private static final VectorSpecies<Short> EIGHT = ShortVector.SPECIES_128;

  /** For each byte of a map eight numbers, the first of which are the places of its ones. */
  private static final short[] PLACES = places();

  private final BinaryMaps maps;
  private final Window g;
  private final boolean byPosition;
  private final int[] begin;
  private final short[] entries;

  /**
   * Lists the ones; threads share the work.
   *
   * @param byPosition whether a position's steps are next to each other, and not a step's positions
   */
  VectorOnesLists(BinaryMaps maps, Window g, boolean byPosition, Workers workers) {
    this.maps = maps;
    this.g = g;
    this.byPosition = byPosition;
    int lists = maps.bits().length;
    begin = new int[lists + 1];
    for (int list = 0; list < lists; list++) {
      begin[list + 1] = Math.addExact(begin[list], Long.bitCount(bits(list)));
    }
    entries = new short[begin[lists]];
    workers.run(lists, GRAIN, this::fill);
  }

  private static short[] places() {
    short[] places = new short[EIGHT.length() << Byte.SIZE];
    for (int bits = 0; bits < 1 << Byte.SIZE; bits++) {
      int at = bits * EIGHT.length();
      for (int ones = bits; ones != 0; ones &= ones - 1) {
        places[at++] = (short) Integer.numberOfTrailingZeros(ones);
      }
    }
    return places;
  }

  private long bits(int list) {
    if (!byPosition) {
      return maps.bits()[list];
    }
    int position = list / maps.words();
    return maps.bits()[
        maps.word(position % maps.steps(), position / maps.steps()) + list % maps.words()];
  }

  private void fill(int from, int to) {
    // Eight entries are written at a time. Those past a list's end belong to the next lists, which
    // this thread writes later, but for the last ones: what follows them is another thread's.
    int last = to;
    while (last > from && begin[to] - begin[last] < EIGHT.length()) {
      last--;
    }
    for (int list = from; list < last; list++) {
      fill(bits(list), begin[list], firstEntry(list));
    }
    for (int list = last; list < to; list++) {
      int at = begin[list];
      for (long ones = bits(list); ones != 0; ones &= ones - 1) {
        entries[at++] = (short) (firstEntry(list) + Long.numberOfTrailingZeros(ones));
      }
    }
  }

  private int firstEntry(int list) {
    int position = list / maps.words();
    int row = byPosition ? position / maps.steps() : position % maps.rows();
    return row % g.w() * g.cin() + list % maps.words() * Long.SIZE;
  }

  private void fill(long word, int begin, int firstEntry) {
    int at = begin;
    int first = firstEntry;
    for (long left = word; left != 0; left >>>= Byte.SIZE) {
      int bits = (int) left & 0xff;
      ShortVector.fromArray(EIGHT, PLACES, bits * EIGHT.length())
          .add((short) first)
          .intoArray(entries, at);
      at += Integer.bitCount(bits);
      first += Byte.SIZE;
    }
  }

  /** Virtual steps D. */
  int steps() {
    return maps.steps();
  }

  /** Blocks of 64 channels of a position. */
  int blocks() {
    return maps.words();
  }

  /** Where a list begins in {@link #entries}; with the block after the last, where it ends. */
  int begin(int step, int position, int block) {
    int at = byPosition ? position * maps.steps() + step : step * maps.rows() + position;
    return begin[at * maps.words() + block];
  }

  /** All lists. */
  short[] entries() {
    return entries;
  }
}
