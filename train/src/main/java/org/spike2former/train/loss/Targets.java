package org.spike2former.train.loss;

import java.util.Arrays;
import java.util.Locale;

/**
 * One image's targets: a binary mask for each label in it, in ascending order. The masks do not
 * overlap, so one map of slots holds them all: slot 0 is the background (ignored pixels), slot k+1
 * target k.
 */
final class Targets {
  private final int[] labels;
  private final byte[] slots;
  private final byte[] smallSlots;
  private final int[] areas;
  private final int[] smallAreas;

  private Targets(int[] labels, byte[] slots, byte[] smallSlots) {
    this.labels = labels;
    this.slots = slots;
    this.smallSlots = smallSlots;
    this.areas = areas(slots);
    this.smallAreas = areas(smallSlots);
  }

  /**
   * Finds the targets.
   *
   * @param labels [.., H, W], read unsigned, from offset
   * @param image index of the image, for messages
   * @param h height of the masks
   * @param w width of the masks
   * @param classes K, without "no object"
   * @param ignoreLabel pixels with this label belong to no target
   * @throws IllegalArgumentException if a label is neither a class nor the ignored one
   */
  static Targets of(
      byte[] labels,
      int offset,
      int height,
      int width,
      int h,
      int w,
      int classes,
      int ignoreLabel,
      int image) {
    int[] slotOf = new int[256];
    for (int i = 0; i < height * width; i++) {
      int label = labels[offset + i] & 0xff;
      if (label >= classes && label != ignoreLabel) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "image %d: label %d at x=%d, y=%d is not one of the %d classes",
                image,
                label,
                i % width,
                i / width,
                classes));
      }
      slotOf[label] = 1;
    }
    int[] found = new int[256];
    int count = 0;
    for (int label = 0; label < 256; label++) {
      if (slotOf[label] != 0 && label != ignoreLabel) {
        found[count] = label;
        slotOf[label] = ++count;
      } else {
        slotOf[label] = 0;
      }
    }
    byte[] slots = new byte[height * width];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = (byte) slotOf[labels[offset + i] & 0xff];
    }
    byte[] small = new byte[h * w];
    for (int y = 0; y < h; y++) {
      int row = (int) ((long) y * height / h) * width;
      for (int x = 0; x < w; x++) {
        small[y * w + x] = slots[row + (int) ((long) x * width / w)];
      }
    }
    return new Targets(Arrays.copyOf(found, count), slots, small);
  }

  private int[] areas(byte[] map) {
    int[] areas = new int[labels.length + 1];
    for (byte slot : map) {
      areas[slot & 0xff]++;
    }
    return areas;
  }

  /** Number of targets G. */
  int count() {
    return labels.length;
  }

  /** Class of a target. */
  int label(int target) {
    return labels[target];
  }

  /** Slot of each pixel, [H·W], not a copy. */
  byte[] slots() {
    return slots;
  }

  /** The same at the size of the masks, nearest-resized, [h·w]. */
  byte[] smallSlots() {
    return smallSlots;
  }

  /** Pixels of a target. */
  int area(int target) {
    return areas[target + 1];
  }

  /** Pixels of a target at the size of the masks; 0 where a small one falls between them. */
  int smallArea(int target) {
    return smallAreas[target + 1];
  }
}
