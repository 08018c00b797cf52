package org.spike2former.snn.spikedriven;

import org.spike2former.tensor.layer.Window;

/**
 * What a group of output pixels adds of one stretch of weights after the other, in the canonical
 * order: for each pixel a run of entries of {@link VectorOnesLists}. That order takes the steps one
 * by one; where a stretch has all rows, a run has all steps.
 */
final class OnesRuns {
  /** Most pixels of a group, which a stretch of weights is fetched for. */
  static final int PIXELS = 64;

  private static final int BLOCK = Long.SIZE;

  private final VectorOnesLists ones;
  private final Window g;
  private final boolean allSteps;

  /** Taps of a stretch, in one row of the window, and blocks of channels: one of both is whole. */
  private final int tapsAtOnce;

  private final int blocksAtOnce;

  private final int[] map = new int[PIXELS];
  private final int[] top = new int[PIXELS];
  private final int[] left = new int[PIXELS];
  private final int[] begin = new int[PIXELS];
  private final int[] end = new int[PIXELS];
  private final int[] offset = new int[PIXELS];
  private int pixels;
  private int step;
  private int tapRow;
  private int tap;
  private int block;
  private int firstRow;
  private long total;

  /**
   * Runs for a dense layer.
   *
   * @param rows most rows of a stretch, a multiple of 64
   */
  OnesRuns(VectorOnesLists ones, Window g, int rows) {
    this.ones = ones;
    this.g = g;
    allSteps = inOneStretch(g, rows);
    boolean divided = g.cin() > rows;
    tapsAtOnce = divided ? 1 : Math.min(g.kw(), rows / g.cin());
    blocksAtOnce = divided ? rows / BLOCK : ones.blocks();
  }

  /** Whether a pointwise layer's weights are one stretch. */
  static boolean inOneStretch(Window g, int rows) {
    return g.isPointwise() && g.cin() <= rows;
  }

  /** Goes to a group of pixels, before its first runs. */
  void move(int from, int count) {
    pixels = count;
    int n = from / (g.oh() * g.ow());
    int y = from / g.ow() % g.oh();
    int x = from % g.ow();
    for (int i = 0; i < count; i++) {
      map[i] = n * g.h();
      top[i] = y * g.stride() - g.pad();
      left[i] = x * g.stride() - g.pad();
      if (++x == g.ow()) {
        x = 0;
        y++;
      }
      if (y == g.oh()) {
        y = 0;
        n++;
      }
    }
    step = 0;
    tapRow = 0;
    tap = 0;
    block = 0;
  }

  /** Finds the runs of the group's next stretch; false if there is none. */
  boolean next() {
    if (step == ones.steps()) {
      return false;
    }
    int taps = Math.min(tapsAtOnce, g.kw() - tap);
    int blocks = Math.min(blocksAtOnce, ones.blocks() - block);
    int lastStep = allSteps ? ones.steps() - 1 : step;
    firstRow = (tapRow * g.kw() + tap) * g.cin() + block * BLOCK;
    for (int i = 0; i < pixels; i++) {
      int y = top[i] + tapRow;
      int first = left[i] + tap;
      int from = Math.max(first, 0);
      int to = Math.min(first + taps, g.w());
      if (y < 0 || y >= g.h() || from >= to) {
        begin[i] = 0;
        end[i] = 0;
        continue;
      }
      int row = (map[i] + y) * g.w();
      begin[i] = ones.begin(step, row + from, block);
      end[i] = ones.begin(lastStep, row + to - 1, block + blocks);
      offset[i] = -first * g.cin() - block * BLOCK;
      total += end[i] - begin[i];
    }
    advance(taps, blocks);
    return true;
  }

  private void advance(int taps, int blocks) {
    block += blocks;
    if (block == ones.blocks()) {
      block = 0;
      tap += taps;
    }
    if (tap == g.kw()) {
      tap = 0;
      tapRow++;
    }
    if (tapRow == g.kh()) {
      tapRow = 0;
      step = allSteps ? ones.steps() : step + 1;
    }
  }

  /** Pixels of the group. */
  int pixels() {
    return pixels;
  }

  /** Where each pixel's run begins in the lists' entries. */
  int[] begin() {
    return begin;
  }

  /** Where each pixel's run ends. */
  int[] end() {
    return end;
  }

  /** What to add to a pixel's entries, of which 16 bits count, for rows of the stretch. */
  int[] offset() {
    return offset;
  }

  /** The stretch's first row. */
  int firstRow() {
    return firstRow;
  }

  /** Additions of all runs so far: an entry is added to all output channels. */
  long additions() {
    return total * g.cout();
  }
}
