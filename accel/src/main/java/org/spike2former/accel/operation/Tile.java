package org.spike2former.accel.operation;

/** How many neighbouring channels a work-item computes. */
public final class Tile {
  /** Most of them where a work-item has several pixels. */
  public static final int MOST = 8;

  /** As {@link #MOST}, where it has one pixel. */
  public static final int MOST_OF_ONE_PIXEL = 16;

  private Tile() {}

  /** The greatest power of two up to 8 that divides all channels. */
  public static int of(int channels) {
    return Math.min(MOST, Integer.lowestOneBit(channels));
  }

  /** As {@link #of}, up to 16. */
  public static int ofOnePixel(int channels) {
    return Math.min(MOST_OF_ONE_PIXEL, Integer.lowestOneBit(channels));
  }
}
