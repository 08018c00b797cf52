package org.spike2former.accel.operation;

import org.spike2former.tensor.layer.Window;

/**
 * The part of a dense layer's output that a work-group of a GPU computes by way of local memory: 32
 * pixels of 32 or 64 channels, four warps with eight pixels each.
 *
 * @param window the layer's
 */
public record LocalTile(Window window) {
  /** Work-items of a warp, with neighbouring channels. */
  public static final int LANES = 32;

  /** Warps of a work-group. */
  public static final int WARPS = 4;

  /** Pixels of a work-item. */
  public static final int PIXELS_OF_ONE = 8;

  /** Pixels of a work-group. */
  public static final int PIXELS = WARPS * PIXELS_OF_ONE;

  /** Most channels of a work-item. */
  public static final int MOST_CHANNELS = 2;

  /** Channels of a work-item, which lie 32 apart. */
  public int channelsOfOne() {
    return window.cout() > LANES ? MOST_CHANNELS : 1;
  }

  /** Work-groups beside each other, over the channels. */
  public int channelGroups() {
    return up(window.cout(), LANES * channelsOfOne());
  }

  /** Work-groups over the pixels. */
  public int pixelGroups() {
    return up(window.outPixels(), PIXELS);
  }

  /** Work-items of all, idle ones at the edges included. */
  public long workItems() {
    return (long) channelGroups() * pixelGroups() * LANES * WARPS;
  }

  private static int up(int a, int b) {
    return (a + b - 1) / b;
  }
}
