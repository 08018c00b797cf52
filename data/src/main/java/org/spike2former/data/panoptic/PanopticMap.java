package org.spike2former.data.panoptic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.spike2former.data.Sample;
import org.spike2former.data.mask.BitMask;
import org.spike2former.data.mask.Box;
import org.spike2former.data.mask.Rle;

/**
 * The segment of every pixel of an image.
 *
 * @param height pixels
 * @param width pixels
 * @param ids of segments, [height, width]; not copied, not to be written to
 * @param voidId of pixels that belong to no segment: 0 in COCO's files, K in predictions
 * @param segments all whose ids are in the map, each once
 */
public record PanopticMap(int height, int width, int[] ids, int voidId, List<Segment> segments) {
  /**
   * Of predictions: the id of the i-th thing is {@code class + 1000·i}, that of stuff its class.
   */
  public static final int INSTANCE_OFFSET = 1000;

  /** An image that has more segments is none of a data set, and would need much memory. */
  public static final int MOST_SEGMENTS = 10_000;

  /**
   * Checks that the ids are those of the segments.
   *
   * @throws IllegalArgumentException naming the id or the sizes that do not fit
   */
  public PanopticMap {
    if (height < 1 || width < 1 || (long) height * width != ids.length) {
      throw new IllegalArgumentException(
          ids.length + " ids do not fill " + width + "x" + height + " pixels");
    }
    segments = List.copyOf(segments);
    Map<Integer, Segment> known = byId(segments);
    if (known.containsKey(voidId)) {
      throw new IllegalArgumentException("segment " + voidId + " has the id of void");
    }
    int last = voidId;
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] != last && ids[i] != voidId && !known.containsKey(ids[i])) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "id %d at x=%d, y=%d is that of no segment",
                ids[i],
                i % width,
                i / width));
      }
      last = ids[i];
    }
  }

  private static Map<Integer, Segment> byId(List<Segment> segments) {
    Map<Integer, Segment> known = new HashMap<>();
    for (Segment segment : segments) {
      if (known.put(segment.id(), segment) != null) {
        throw new IllegalArgumentException("two segments have the id " + segment.id());
      }
    }
    return known;
  }

  /** The id at row {@code y} and column {@code x}. */
  public int id(int y, int x) {
    return ids[y * width + x];
  }

  /** The segments by their ids. */
  public Map<Integer, Segment> byId() {
    return byId(segments);
  }

  /**
   * The class of every pixel, [height, width]; {@link Sample#IGNORE} where there is no segment.
   * Crowds have the class of their things.
   */
  public byte[] classes() {
    Map<Integer, Segment> known = byId();
    byte[] classes = new byte[ids.length];
    int last = voidId;
    byte category = (byte) Sample.IGNORE;
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] != last) {
        last = ids[i];
        category = (byte) (last == voidId ? Sample.IGNORE : known.get(last).category());
      }
      classes[i] = category;
    }
    return classes;
  }

  /**
   * The same segments where some of their pixels are; those without pixels are left out.
   *
   * @param newIds [newHeight, newWidth], all of which occur here
   */
  public PanopticMap withIds(int newHeight, int newWidth, int[] newIds) {
    Map<Integer, Extent> extents = extents(newIds, newWidth);
    List<Segment> left = new ArrayList<>();
    for (Segment segment : segments) {
      Extent extent = extents.get(segment.id());
      if (extent != null) {
        left.add(segment.with(extent));
      }
    }
    return new PanopticMap(newHeight, newWidth, newIds, voidId, left);
  }

  /**
   * The same segments with other classes.
   *
   * @param classOf for each class the new one; negative or {@link Sample#IGNORE}: its pixels become
   *     void
   * @param things so many of the new classes, the first, are things
   */
  public PanopticMap withClasses(int[] classOf, int things) {
    List<Segment> kept = new ArrayList<>();
    Set<Integer> dropped = new HashSet<>();
    for (Segment segment : segments) {
      int category = classOf[segment.category()];
      if (category < 0 || category == Sample.IGNORE) {
        dropped.add(segment.id());
      } else {
        kept.add(segment.withCategory(category, category < things));
      }
    }
    int[] newIds = ids;
    if (!dropped.isEmpty()) {
      newIds = Arrays.stream(ids).map(id -> dropped.contains(id) ? voidId : id).toArray();
    }
    return new PanopticMap(height, width, newIds, voidId, kept);
  }

  /** The same with void to the right and below. */
  public PanopticMap padded(int newHeight, int newWidth) {
    if (newHeight == height && newWidth == width) {
      return this;
    }
    int[] newIds = new int[newHeight * newWidth];
    Arrays.fill(newIds, voidId);
    for (int y = 0; y < height; y++) {
      System.arraycopy(ids, y * width, newIds, y * newWidth, width);
    }
    return new PanopticMap(newHeight, newWidth, newIds, voidId, segments);
  }

  /** The pixels of an id. */
  public Rle mask(int id) {
    BitMask mask = new BitMask(height, width);
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == id) {
        mask.set(i / width, i % width);
      }
    }
    return mask.toRle();
  }

  /**
   * How far ids reach.
   *
   * @param area pixels that have the id
   * @param box the least one that holds them
   */
  public record Extent(int area, Box box) {}

  /**
   * Area and box of every id in a map [height, width], void's included.
   *
   * @throws IllegalArgumentException if there are more than {@link #MOST_SEGMENTS} besides one
   */
  public static Map<Integer, Extent> extents(int[] ids, int width) {
    Map<Integer, Extent> extents = new HashMap<>();
    int from = 0;
    for (int i = 1; i <= ids.length; i++) {
      if (i == ids.length || ids[i] != ids[from] || i % width == 0) {
        int y = from / width;
        Extent run = new Extent(i - from, new Box(from % width, y, (i - 1) % width + 1, y + 1));
        extents.merge(
            ids[from], run, (a, b) -> new Extent(a.area() + b.area(), a.box().with(b.box())));
        if (extents.size() > MOST_SEGMENTS + 1) {
          throw new IllegalArgumentException("more than " + MOST_SEGMENTS + " segments");
        }
        from = i;
      }
    }
    return extents;
  }
}
