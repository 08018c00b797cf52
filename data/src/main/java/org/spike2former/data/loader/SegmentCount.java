package org.spike2former.data.loader;

import java.util.Arrays;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;

/** The segments of a split by class and size. Crowds are counted apart. */
public final class SegmentCount {
  /** Sizes of things as COCO has them. */
  public enum Size {
    /** Below 32² pixels. */
    SMALL(32 * 32),
    /** Below 96² pixels. */
    MEDIUM(96 * 96),
    /** Larger ones. */
    LARGE(Integer.MAX_VALUE);

    private final int end;

    Size(int end) {
      this.end = end;
    }

    static Size of(int area) {
      return area < SMALL.end ? SMALL : area < MEDIUM.end ? MEDIUM : LARGE;
    }
  }

  private final long[][] bySize;
  private final long[] crowds;
  private final long[] pixels;
  private int most;
  private int without;
  private int withoutThings;
  private String firstWithout;

  SegmentCount(int classes) {
    bySize = new long[classes][Size.values().length];
    crowds = new long[classes];
    pixels = new long[classes];
  }

  void add(String image, PanopticMap map) {
    int things = 0;
    for (Segment segment : map.segments()) {
      int k = segment.category();
      if (segment.crowd()) {
        crowds[k]++;
      } else {
        bySize[k][Size.of(segment.area()).ordinal()]++;
        pixels[k] += segment.area();
        things += segment.thing() ? 1 : 0;
      }
    }
    most = Math.max(most, things);
    withoutThings += things == 0 ? 1 : 0;
    if (map.segments().isEmpty()) {
      firstWithout = without == 0 ? image : firstWithout;
      without++;
    }
  }

  /** Segments of class {@code k} that are no crowds. */
  public long segments(int k) {
    return Arrays.stream(bySize[k]).sum();
  }

  /** Those of a size. */
  public long segments(int k, Size size) {
    return bySize[k][size.ordinal()];
  }

  /** Mean area in pixels of the segments of class {@code k}; NaN if there are none. */
  public double meanArea(int k) {
    return (double) pixels[k] / segments(k);
  }

  /** Crowds of class {@code k}. */
  public long crowds(int k) {
    return crowds[k];
  }

  /** Most things in an image. */
  public int most() {
    return most;
  }

  /** Images without things. */
  public int withoutThings() {
    return withoutThings;
  }

  /** Images without segments. */
  public int without() {
    return without;
  }

  /** The first of them; null if there is none. */
  public String firstWithout() {
    return firstWithout;
  }
}
