package org.spike2former.data.mask;

import java.util.Arrays;

/** A mask to be filled, a bit for every pixel: row by row, each row in words of 64 pixels. */
public final class BitMask {
  private final int height;
  private final int width;
  private final int wordsPerRow;
  private final long[] words;

  /**
   * A mask without pixels.
   *
   * @throws IllegalArgumentException unless both sides are at least 1
   */
  public BitMask(int height, int width) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException("a mask of " + width + "x" + height + " pixels");
    }
    this.height = height;
    this.width = width;
    wordsPerRow = Math.ceilDiv(width, Long.SIZE);
    words = new long[Math.multiplyExact(height, wordsPerRow)];
  }

  /** Rows. */
  public int height() {
    return height;
  }

  /** Columns. */
  public int width() {
    return width;
  }

  /** Adds the pixel at row {@code y} and column {@code x}. */
  public void set(int y, int x) {
    words[y * wordsPerRow + x / Long.SIZE] |= 1L << x;
  }

  /**
   * Adds pixels of a row.
   *
   * @param bits bit i is that of column {@code 64·word + i}; those behind the last column are 0
   */
  public void set(int y, int word, long bits) {
    words[y * wordsPerRow + word] |= bits;
  }

  /** Whether the pixel at row {@code y} and column {@code x} is in the mask. */
  public boolean get(int y, int x) {
    return (words[y * wordsPerRow + x / Long.SIZE] >>> x & 1) != 0;
  }

  /**
   * The mask as runs. Only rows that differ from those above them are looked at bit by bit.
   *
   * @throws IllegalArgumentException if the mask has more than 2³¹ − 1 pixels
   */
  public Rle toRle() {
    int[] begin = new int[width + 1];
    changes((x, y) -> begin[x + 1]++);
    for (int x = 0; x < width; x++) {
      begin[x + 1] += begin[x];
    }
    int[] position = new int[begin[width]];
    changes((x, y) -> position[begin[x]++] = x * height + y);
    int[] counts = new int[position.length + 1];
    int last = 0;
    for (int i = 0; i < position.length; i++) {
      counts[i] = position[i] - last;
      last = position[i];
    }
    counts[position.length] = height * width - last;
    return new Rle(height, width, counts);
  }

  private interface Change {
    void at(int x, int y);
  }

  /** Pixels that differ from the one above them, or at the end of the column before; by row. */
  private void changes(Change change) {
    boolean last = false;
    for (int x = 0; x < width; x++) {
      if (get(0, x) != last) {
        change.at(x, 0);
      }
      last = get(height - 1, x);
    }
    for (int y = 1; y < height; y++) {
      for (int word = 0; word < wordsPerRow; word++) {
        int at = y * wordsPerRow + word;
        long differing = words[at] ^ words[at - wordsPerRow];
        while (differing != 0) {
          change.at(word * Long.SIZE + Long.numberOfTrailingZeros(differing), y);
          differing &= differing - 1;
        }
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BitMask mask
        && mask.height == height
        && mask.width == width
        && Arrays.equals(mask.words, words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return "mask of " + width + "x" + height + " pixels";
  }
}
