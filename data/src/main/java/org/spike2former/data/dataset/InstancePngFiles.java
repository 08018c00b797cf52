package org.spike2former.data.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.spike2former.data.Sample;
import org.spike2former.data.mask.Box;
import org.spike2former.data.panoptic.InstancePng;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.PanopticPng;
import org.spike2former.data.panoptic.Segment;

/**
 * Segments as values of 16-bit PNG files. In a folder a value is class · 1000 + instance, 0 being
 * no instance but a crowd, and 65535 is void. In Cityscapes' {@code instanceIds} it is id · 1000 +
 * instance, and below 1000 the id of stuff or of a crowd. All stuff of a class is one segment.
 */
final class InstancePngFiles implements SegmentFiles {
  /** Between the values of two classes. */
  static final int OFFSET = 1000;

  private static final int VOID_VALUE = 65_535;
  private static final int VOID = 0;

  private final Layout.Listing listing;
  private final SegmentRule rule;
  private final int[] classOf;

  InstancePngFiles(Layout.Listing listing, SegmentRule rule) {
    this.listing = listing;
    this.rule = rule;
    classOf = rule.classesOfIds();
  }

  @Override
  public Layout.Listing listing() {
    return listing;
  }

  @Override
  public PanopticMap read(int i) throws IOException {
    Path file = listing.entries().get(i).labels();
    PanopticPng.Ids png = InstancePng.read(file);
    int[] values = png.ids();
    int[] ids = new int[values.length];
    Map<Integer, Segment> segments = new TreeMap<>();
    for (int at = 0; at < ids.length; at++) {
      if (at > 0 && values[at] == values[at - 1]) {
        ids[at] = ids[at - 1];
        continue;
      }
      int category = isVoid(values[at]) ? Sample.IGNORE : classOf[name(values[at])];
      if (category == SegmentRule.UNKNOWN) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s: value %d at x=%d, y=%d: %d is not one of the classes",
                file,
                values[at],
                at % png.width(),
                at / png.width(),
                name(values[at])));
      }
      if (category != Sample.IGNORE) {
        Segment segment = segment(values[at], category);
        ids[at] = segment.id();
        segments.putIfAbsent(segment.id(), segment);
        if (segments.size() > PanopticMap.MOST_SEGMENTS) {
          throw new IOException(file + ": more than " + PanopticMap.MOST_SEGMENTS + " segments");
        }
      }
    }
    if (segments.isEmpty() && rule.isWhole()) {
      throw new IOException(file + ": no segment");
    }
    PanopticMap map =
        new PanopticMap(png.height(), png.width(), ids, VOID, new ArrayList<>(segments.values()));
    return map.withIds(png.height(), png.width(), ids);
  }

  private boolean isVoid(int value) {
    return !rule.hasIds() && value == VOID_VALUE;
  }

  private int name(int value) {
    return rule.hasIds() && value < OFFSET ? value : value / OFFSET;
  }

  /** Its extent is yet to be counted. */
  private Segment segment(int value, int category) {
    boolean thing = category < rule.classes().things();
    boolean numbered = rule.hasIds() ? value >= OFFSET : value % OFFSET != 0;
    int id = thing ? value : rule.hasIds() ? name(value) : name(value) * OFFSET;
    // Class 0 of a folder would have the id of void.
    int shifted = rule.hasIds() ? id : id + 1;
    return new Segment(shifted, category, thing, thing && !numbered, 1, 0, Box.EMPTY);
  }
}
