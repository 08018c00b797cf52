package org.spike2former.data.transform;

import java.util.Arrays;
import org.spike2former.data.Sample;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.pixel.Pixels;

/**
 * Moves of whole pixels: for each new one, [height, width], the place of the old one, or {@link
 * Pixels#NONE}.
 *
 * @param height of the result
 * @param width of the result
 */
record Gather(int height, int width, int[] from) {
  /** The image mirrored: along axis 0 upside down, along axis 1 left and right. */
  static Gather flipped(int height, int width, int axis) {
    int[] from = new int[height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        from[y * width + x] = axis == 0 ? (height - 1 - y) * width + x : y * width + width - 1 - x;
      }
    }
    return new Gather(height, width, from);
  }

  /** The image turned counter-clockwise by a number of quarters, as numpy's {@code rot90}. */
  static Gather quarters(int height, int width, int quarters) {
    int[] from = new int[height * width];
    Arrays.setAll(from, i -> i);
    Gather turned = new Gather(height, width, from);
    for (int k = 0; k < quarters; k++) {
      turned = turned.quarter();
    }
    return turned;
  }

  private Gather quarter() {
    int[] turned = new int[from.length];
    for (int y = 0; y < width; y++) {
      for (int x = 0; x < height; x++) {
        turned[y * height + x] = from[x * width + width - 1 - y];
      }
    }
    return new Gather(width, height, turned);
  }

  /** Moves the pixels of a sample, all of which come from inside. */
  static Sample apply(Sample sample, Gather gather) {
    return new Sample(
        sample.name(),
        sample.pixels().gathered(gather.height, gather.width, gather.from),
        gather.labels(sample.labels(), Sample.IGNORE),
        gather.segments(sample.segments()));
  }

  /** Moves labels; those from outside are {@code fill}. */
  byte[] labels(byte[] labels, int fill) {
    byte[] moved = new byte[from.length];
    for (int i = 0; i < from.length; i++) {
      moved[i] = from[i] == Pixels.NONE ? (byte) fill : labels[from[i]];
    }
    return moved;
  }

  /** Moves segments; there are none outside. Null for null. */
  PanopticMap segments(PanopticMap map) {
    if (map == null) {
      return null;
    }
    int[] ids = new int[from.length];
    for (int i = 0; i < from.length; i++) {
      ids[i] = from[i] == Pixels.NONE ? map.voidId() : map.ids()[from[i]];
    }
    return map.withIds(height, width, ids);
  }
}
