package org.spike2former.data.mask;

import java.util.Arrays;
import java.util.List;

/**
 * A mask as COCO encodes it: lengths of runs of pixels, column by column from the top left; the
 * first run, which may be of length 0, is outside the mask, and the others take turns.
 *
 * @see <a href="https://github.com/cocodataset/cocoapi/blob/master/common/maskApi.h">maskApi.h</a>
 */
public final class Rle {
  private final int height;
  private final int width;
  private final int[] counts;
  private final long area;
  private final Box box;

  /**
   * A mask of runs.
   *
   * @throws IllegalArgumentException saying what is wrong if the runs do not fill the pixels
   */
  public Rle(int height, int width, int... counts) {
    if (height < 1 || width < 1 || (long) height * width > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a mask of " + width + "x" + height + " pixels");
    }
    this.height = height;
    this.width = width;
    this.counts = counts.clone();
    long pixels = 0;
    long inside = 0;
    Box around = Box.EMPTY;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] < 0) {
        throw new IllegalArgumentException("run " + i + " has the length " + counts[i]);
      }
      if (i % 2 == 1 && counts[i] > 0 && pixels + counts[i] <= (long) height * width) {
        inside += counts[i];
        around = around.with(box((int) pixels, counts[i]));
      }
      pixels += counts[i];
    }
    if (pixels != (long) height * width) {
      throw new IllegalArgumentException(
          "runs of "
              + pixels
              + " pixels in all, expected "
              + (long) height * width
              + " of a mask of "
              + width
              + "x"
              + height);
    }
    area = inside;
    box = around;
  }

  /** What the pixels of a run lie in: a part of a column, or whole columns. */
  private Box box(int from, int length) {
    int last = from + length - 1;
    int x0 = from / height;
    int x1 = last / height;
    return x0 == x1
        ? new Box(x0, from % height, x1 + 1, last % height + 1)
        : new Box(x0, 0, x1 + 1, height);
  }

  /**
   * A mask from COCO's compressed text.
   *
   * @throws IllegalArgumentException if it is no such text, or its runs do not fill the pixels
   */
  public static Rle of(int height, int width, String text) {
    return new Rle(height, width, RleText.read(text));
  }

  /** Rows. */
  public int height() {
    return height;
  }

  /** Columns. */
  public int width() {
    return width;
  }

  /** Lengths of the runs, a copy. */
  public int[] counts() {
    return counts.clone();
  }

  /** COCO's compressed text. */
  public String text() {
    return RleText.write(counts);
  }

  /** Pixels in the mask. */
  public long area() {
    return area;
  }

  /** The least box that holds the mask; {@link Box#EMPTY} without pixels. */
  public Box box() {
    return box;
  }

  /** The mask as bits. */
  public BitMask toBits() {
    BitMask bits = new BitMask(height, width);
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      for (int end = at + counts[i]; at < end; at++) {
        if (i % 2 == 1) {
          bits.set(at % height, at / height);
        }
      }
    }
    return bits;
  }

  /**
   * The pixels that are in any of the masks.
   *
   * @throws IllegalArgumentException if there is none, or their sizes differ
   */
  public static Rle union(List<Rle> masks) {
    if (masks.isEmpty()) {
      throw new IllegalArgumentException("no mask to unite");
    }
    if (masks.size() == 1) {
      return masks.getFirst();
    }
    // By halves: one after another, many masks would be copied as often as there are masks.
    int half = masks.size() / 2;
    return union(masks.subList(0, half)).union(union(masks.subList(half, masks.size())));
  }

  private Rle union(Rle other) {
    requireSize(other);
    int[] merged = new int[counts.length + other.counts.length + 1];
    int runs = 0;
    int run = 0;
    boolean inside = false;
    Walk walk = new Walk(this, other);
    while (walk.next()) {
      if ((walk.inA || walk.inB) != inside) {
        merged[runs++] = run;
        run = 0;
        inside = !inside;
      }
      run += walk.length;
    }
    merged[runs++] = run;
    return new Rle(height, width, Arrays.copyOf(merged, runs));
  }

  /**
   * Pixels that are in both masks.
   *
   * @throws IllegalArgumentException if their sizes differ
   */
  public long intersection(Rle other) {
    requireSize(other);
    if (!box.meets(other.box)) {
      return 0;
    }
    long common = 0;
    Walk walk = new Walk(this, other);
    while (walk.next()) {
      common += walk.inA && walk.inB ? walk.length : 0;
    }
    return common;
  }

  /**
   * Intersection over union with another mask; over the area of this one alone if the other is a
   * crowd, of which any part is a match.
   *
   * @throws IllegalArgumentException if their sizes differ
   */
  public double iou(Rle truth, boolean crowd) {
    long common = intersection(truth);
    long whole = crowd ? area : area + truth.area - common;
    return common == 0 ? 0 : (double) common / whole;
  }

  private void requireSize(Rle other) {
    if (height != other.height || width != other.width) {
      throw new IllegalArgumentException(
          "masks of "
              + width
              + "x"
              + height
              + " and "
              + other.width
              + "x"
              + other.height
              + " pixels");
    }
  }

  /** Goes through two masks of one size in pieces that are all inside or all outside of either. */
  private static final class Walk {
    private final int[] a;
    private final int[] b;
    private int runA = -1;
    private int runB = -1;
    private int leftA;
    private int leftB;
    private int left;

    /** Of the piece. */
    private int length;

    private boolean inA;
    private boolean inB;

    Walk(Rle a, Rle b) {
      this.a = a.counts;
      this.b = b.counts;
      left = a.height * a.width;
    }

    boolean next() {
      if (left == 0) {
        return false;
      }
      while (leftA == 0) {
        leftA = a[++runA];
      }
      while (leftB == 0) {
        leftB = b[++runB];
      }
      length = Math.min(leftA, leftB);
      inA = runA % 2 == 1;
      inB = runB % 2 == 1;
      leftA -= length;
      leftB -= length;
      left -= length;
      return true;
    }
  }

  /** Whether both have the same runs. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Rle mask
        && mask.height == height
        && mask.width == width
        && Arrays.equals(mask.counts, counts);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * height + width) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "mask of " + width + "x" + height + " pixels, " + area + " inside";
  }
}
