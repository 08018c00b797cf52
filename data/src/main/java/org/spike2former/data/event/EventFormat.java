package org.spike2former.data.event;

import java.util.Locale;

/**
 * What the lines of an event list mean; nothing of it is guessed.
 *
 * @param columns the letters x, y, t and p in the order of the columns; further columns are ignored
 * @param unit of the times
 * @param signed whether polarities are −1 and 1 in place of 0 and 1
 * @param header whether the first line names the columns
 * @param width pixels of the camera
 * @param height pixels of the camera
 */
public record EventFormat(
    String columns, TimeUnit unit, boolean signed, boolean header, int width, int height) {
  /** Most pixels of a side. */
  public static final int MAX_SIDE = 16_384;

  /** What times are counted in. */
  public enum TimeUnit {
    S(1_000_000_000),
    MS(1_000_000),
    US(1_000),
    NS(1);

    private final long nanos;

    TimeUnit(long nanos) {
      this.nanos = nanos;
    }

    /** Nanoseconds of one. */
    public long nanos() {
      return nanos;
    }

    /** As in files: "s", "ms", "us" or "ns". */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks the columns and the size.
   *
   * @throws IllegalArgumentException if they are none
   */
  public EventFormat {
    if (columns.length() != 4 || !"xytp".chars().allMatch(c -> columns.indexOf(c) >= 0)) {
      throw new IllegalArgumentException(
          "expected the letters x, y, t and p in the order of the columns, found " + columns);
    }
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
      throw new IllegalArgumentException(
          "expected sides of 1 to " + MAX_SIDE + " pixels, found " + width + "x" + height);
    }
  }
}
