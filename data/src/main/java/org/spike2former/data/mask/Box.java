package org.spike2former.data.mask;

/**
 * The pixels of a rectangle: columns x0 to x1 and rows y0 to y1, the last ones excluded. All zeros:
 * no pixel.
 *
 * @param x0 first column
 * @param y0 first row
 * @param x1 column behind the last
 * @param y1 row behind the last
 */
public record Box(int x0, int y0, int x1, int y1) {
  /** The box of a mask without pixels. */
  public static final Box EMPTY = new Box(0, 0, 0, 0);

  /**
   * Checks the order of the sides.
   *
   * @throws IllegalArgumentException if a side is negative
   */
  public Box {
    if (x1 < x0 || y1 < y0) {
      throw new IllegalArgumentException(
          "box from " + x0 + ", " + y0 + " to " + x1 + ", " + y1 + ": sides are negative");
    }
  }

  /** Columns. */
  public int width() {
    return x1 - x0;
  }

  /** Rows. */
  public int height() {
    return y1 - y0;
  }

  /** Whether there is no pixel in it. */
  public boolean isEmpty() {
    return width() == 0 || height() == 0;
  }

  /** Whether both have a pixel in common. */
  public boolean meets(Box other) {
    return Math.min(x1, other.x1) > Math.max(x0, other.x0)
        && Math.min(y1, other.y1) > Math.max(y0, other.y0);
  }

  /** The least box that holds both; an empty one adds nothing. */
  public Box with(Box other) {
    if (isEmpty() || other.isEmpty()) {
      return isEmpty() ? other : this;
    }
    return new Box(
        Math.min(x0, other.x0),
        Math.min(y0, other.y0),
        Math.max(x1, other.x1),
        Math.max(y1, other.y1));
  }
}
