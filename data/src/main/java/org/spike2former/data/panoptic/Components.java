package org.spike2former.data.panoptic;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.data.LabelMap;
import org.spike2former.data.mask.Box;

/**
 * Makes things of label maps that have none: each connected region of a thing's class is one.
 * Regions that are too small are no objects but what is left of some behind a pole; all of a class
 * become one crowd, so that their pixels keep their class and yet are nothing that must be found,
 * nor wrong if found.
 *
 * @param things so many classes, the first, are things
 * @param minArea pixels of the smallest thing
 * @param connectivity 4: pixels that share a side are neighbours; 8: a corner is enough
 */
public record Components(int things, int minArea, int connectivity) {
  private static final int VOID = 0;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if there cannot be such regions
   */
  public Components {
    if (minArea < 1 || connectivity != 4 && connectivity != 8) {
      throw new IllegalArgumentException(
          "expected an area of at least 1 and a connectivity of 4 or 8, found "
              + minArea
              + " and "
              + connectivity);
    }
  }

  /**
   * The segments of a label map; labels from {@code classes} on are void. Ids count from 1 in the
   * order of the segments' first pixels.
   *
   * @throws IllegalArgumentException if there are more than {@link PanopticMap#MOST_SEGMENTS}
   */
  public PanopticMap of(LabelMap labels, int classes) {
    return new Search(labels, classes).map();
  }

  private final class Search {
    private final LabelMap labels;
    private final int classes;
    private final int[] ids;
    private final int[] region;
    private final int[] shared;
    private final List<Segment> segments = new ArrayList<>();

    Search(LabelMap labels, int classes) {
      this.labels = labels;
      this.classes = classes;
      ids = new int[labels.narrow().length];
      region = new int[ids.length];
      shared = new int[classes];
    }

    PanopticMap map() {
      for (int at = 0; at < ids.length; at++) {
        int category = labels.labels()[at] & 0xff;
        if (ids[at] != VOID || category >= classes) {
          continue;
        }
        if (category >= things) {
          ids[at] = shared(category);
          continue;
        }
        int area = fill(at, category);
        int id = area < minArea ? shared(category) : add(category, false);
        for (int i = 0; i < area; i++) {
          ids[region[i]] = id;
        }
      }
      return new PanopticMap(labels.height(), labels.width(), ids, VOID, segments)
          .withIds(labels.height(), labels.width(), ids);
    }

    /** The stuff of a class, or its crowd. */
    private int shared(int category) {
      if (shared[category] == VOID) {
        shared[category] = add(category, category < things);
      }
      return shared[category];
    }

    /** Its extent is yet to be counted. */
    private int add(int category, boolean crowd) {
      if (segments.size() == PanopticMap.MOST_SEGMENTS) {
        throw new IllegalArgumentException("more than " + PanopticMap.MOST_SEGMENTS + " segments");
      }
      int id = segments.size() + 1;
      segments.add(new Segment(id, category, category < things, crowd, 1, 0, Box.EMPTY));
      return id;
    }

    /** Collects the pixels of a region in {@link #region}; returns how many. */
    private int fill(int first, int category) {
      int height = labels.height();
      int width = labels.width();
      int end = 0;
      region[end++] = first;
      ids[first] = Integer.MAX_VALUE;
      for (int next = 0; next < end; next++) {
        int y = region[next] / width;
        int x = region[next] % width;
        for (int dy = -1; dy <= 1; dy++) {
          for (int dx = -1; dx <= 1; dx++) {
            boolean near = connectivity == 8 || dx == 0 || dy == 0;
            boolean inside = y + dy >= 0 && y + dy < height && x + dx >= 0 && x + dx < width;
            int at = (y + dy) * width + x + dx;
            if (near && inside && ids[at] == VOID && (labels.labels()[at] & 0xff) == category) {
              ids[at] = Integer.MAX_VALUE;
              region[end++] = at;
            }
          }
        }
      }
      return end;
    }
  }
}
