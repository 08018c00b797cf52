package org.spike2former.train.loss;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;
import org.spike2former.tensor.Tensor;

/**
 * One image's targets: a class and a binary mask each. The masks do not overlap, so one map of
 * slots holds them all: slot 0 is the background (pixels of no target), slot k+1 target k.
 */
final class Targets {
  private static final int MOST = 0xffff;

  private final int[] labels;
  private final short[] slots;
  private final short[] smallSlots;
  private final int[] areas;
  private final int[] smallAreas;

  private Targets(int[] labels, short[] slots, short[] smallSlots) {
    this.labels = labels;
    this.slots = slots;
    this.smallSlots = smallSlots;
    this.areas = areas(slots);
    this.smallAreas = areas(smallSlots);
  }

  /**
   * Finds the targets of an image.
   *
   * @param h height of the masks
   * @param w width of the masks
   * @param classes K, without "no object"
   * @param ignoreLabel pixels with this label belong to no target
   * @throws IllegalArgumentException naming the image if a label is neither a class nor the ignored
   *     one, or a segment of no class
   */
  static Targets of(GroundTruth truth, int image, int h, int w, int classes, int ignoreLabel) {
    int height = truth.height();
    int width = truth.width();
    List<Integer> labels = new ArrayList<>();
    short[] slots =
        switch (truth) {
          case GroundTruth.Semantic semantic ->
              ofLabels(semantic, image, classes, ignoreLabel, labels);
          case GroundTruth.Panoptic panoptic ->
              ofSegments(panoptic.maps().get(image), image, classes, labels);
        };
    short[] small = new short[h * w];
    for (int y = 0; y < h; y++) {
      int row = (int) ((long) y * height / h) * width;
      for (int x = 0; x < w; x++) {
        small[y * w + x] = slots[row + (int) ((long) x * width / w)];
      }
    }
    return new Targets(labels.stream().mapToInt(Integer::intValue).toArray(), slots, small);
  }

  private static short[] ofLabels(
      GroundTruth.Semantic truth, int image, int classes, int ignoreLabel, List<Integer> found) {
    byte[] labels = truth.labels().bytes();
    int size = truth.height() * truth.width();
    int offset = image * size;
    int[] slotOf = new int[256];
    for (int i = 0; i < size; i++) {
      requireLabel(truth.labels(), offset + i, classes, ignoreLabel);
      slotOf[labels[offset + i] & 0xff] = 1;
    }
    for (int label = 0; label < 256; label++) {
      if (slotOf[label] != 0 && label != ignoreLabel) {
        found.add(label);
        slotOf[label] = found.size();
      } else {
        slotOf[label] = 0;
      }
    }
    short[] slots = new short[size];
    for (int i = 0; i < size; i++) {
      slots[i] = (short) slotOf[labels[offset + i] & 0xff];
    }
    return slots;
  }

  /**
   * Refuses labels that are neither a class nor the ignored one.
   *
   * @param labels [B, H, W]
   * @throws IllegalArgumentException naming the image and the place
   */
  static void requireLabels(Tensor labels, int classes, int ignoreLabel) {
    for (int i = 0; i < labels.size(); i++) {
      requireLabel(labels, i, classes, ignoreLabel);
    }
  }

  private static void requireLabel(Tensor labels, int at, int classes, int ignoreLabel) {
    int label = labels.bytes()[at] & 0xff;
    if (label >= classes && label != ignoreLabel) {
      int width = labels.dim(2);
      int size = labels.dim(1) * width;
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "image %d: label %d at x=%d, y=%d is not one of the %d classes",
              at / size,
              label,
              at % width,
              at % size / width,
              classes));
    }
  }

  private static short[] ofSegments(PanopticMap map, int image, int classes, List<Integer> labels) {
    Map<Integer, PanopticMap.Extent> extents = PanopticMap.extents(map.ids(), map.width());
    List<Segment> wanted =
        map.segments().stream()
            .filter(segment -> !segment.crowd() && extents.containsKey(segment.id()))
            .toList();
    TreeSet<Integer> stuff = new TreeSet<>();
    Map<Integer, Integer> slotOf = new HashMap<>();
    for (Segment segment : wanted) {
      if (segment.category() >= classes) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "image %d: segment %d of category %d is not of one of the %d classes",
                image,
                segment.id(),
                segment.category(),
                classes));
      }
      if (segment.thing()) {
        labels.add(segment.category());
        slotOf.put(segment.id(), labels.size());
      } else {
        stuff.add(segment.category());
      }
    }
    int things = labels.size();
    labels.addAll(stuff);
    if (labels.size() > MOST) {
      throw new IllegalArgumentException(
          "image " + image + ": " + labels.size() + " targets, expected at most " + MOST);
    }
    for (Segment segment : wanted) {
      if (!segment.thing()) {
        slotOf.put(segment.id(), things + 1 + stuff.headSet(segment.category()).size());
      }
    }
    short[] slots = new short[map.ids().length];
    int last = map.voidId();
    int slot = 0;
    for (int i = 0; i < slots.length; i++) {
      if (map.ids()[i] != last) {
        last = map.ids()[i];
        slot = slotOf.getOrDefault(last, 0);
      }
      slots[i] = (short) slot;
    }
    return slots;
  }

  private int[] areas(short[] map) {
    int[] areas = new int[labels.length + 1];
    for (short slot : map) {
      areas[slot & MOST]++;
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

  /** Slot of each pixel, [H·W], to be read unsigned; not a copy. */
  short[] slots() {
    return slots;
  }

  /** The same at the size of the masks, nearest-resized, [h·w]. */
  short[] smallSlots() {
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
