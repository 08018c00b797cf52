package org.spike2former.data.panoptic;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  /** Area and box of every id in a map [height, width], void's included. */
  public static Map<Integer, Extent> extents(int[] ids, int width) {
    Map<Integer, Extent> extents = new HashMap<>();
    int from = 0;
    for (int i = 1; i <= ids.length; i++) {
      if (i == ids.length || ids[i] != ids[from] || i % width == 0) {
        int y = from / width;
        Extent run = new Extent(i - from, new Box(from % width, y, (i - 1) % width + 1, y + 1));
        extents.merge(
            ids[from], run, (a, b) -> new Extent(a.area() + b.area(), a.box().with(b.box())));
        from = i;
      }
    }
    return extents;
  }
}
