package org.spike2former.accel.operation;

/**
 * How a kernel's channels are shared out among work-items: as is best for a kind of device. No bit
 * of a result depends on it.
 */
public enum Lanes {
  /**
   * A processor's: a work-item has a few neighbouring channels, of which its compiler makes
   * vectors.
   */
  VECTORS,
  /**
   * A GPU's: neighbouring work-items have neighbouring channels, so that what the 32 of a warp load
   * lies together.
   */
  WARPS;

  /** Most channels of a work-item that has several pixels. */
  public static final int MOST = 8;

  /** As {@link #MOST}, where it has one pixel. */
  public static final int MOST_OF_ONE_PIXEL = 16;

  /** With fewer input channels most of the time would go into filling local memory. */
  private static final int LEAST_INPUTS = 16;

  /** Whether a layer is computed in {@linkplain LocalTile tiles in local memory}. */
  public boolean inLocalMemory(Convolution layer) {
    return this == WARPS && !layer.depthwise() && layer.window().cin() >= LEAST_INPUTS;
  }

  /**
   * Channels of a work-item that may have several pixels: for vectors the greatest power of two up
   * to 8 that divides all channels.
   */
  public int channels(int all) {
    return this == WARPS ? 1 : Math.min(MOST, Integer.lowestOneBit(all));
  }

  /** As {@link #channels}, up to 16, where it has one pixel. */
  public int channelsOfOnePixel(int all) {
    return this == WARPS ? 1 : Math.min(MOST_OF_ONE_PIXEL, Integer.lowestOneBit(all));
  }
}
