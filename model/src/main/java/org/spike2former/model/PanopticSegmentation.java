package org.spike2former.model;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.spike2former.data.ClassTable;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;
import org.spike2former.data.picture.ObjectOverlay;
import org.spike2former.data.picture.OverlayStyle;

/**
 * The panoptic segmentation of an image: things one by one, and stuff by class.
 *
 * @param image the image as it was given
 * @param map the segment of every pixel, at the image's size; void is the number of classes
 * @param classes names and colours, things first
 */
public record PanopticSegmentation(BufferedImage image, PanopticMap map, ClassTable classes) {
  /** The segments, things and stuff, in the order in which they were accepted. */
  public List<Segment> segments() {
    return map.segments();
  }

  /** The name of a segment's class. */
  public String name(Segment segment) {
    return classes.names().get(segment.category());
  }

  /** Numbers of the segments, by their ids: things of one class are counted from 1, stuff has 0. */
  public Map<Integer, Integer> numbers() {
    Map<Integer, Integer> numbers = new HashMap<>();
    int[] counts = new int[classes.size()];
    for (Segment segment : segments()) {
      numbers.put(segment.id(), segment.thing() ? ++counts[segment.category()] : 0);
    }
    return numbers;
  }

  /** The image under the segments, outlined, with their names and numbers, and a legend. */
  public BufferedImage overlay() {
    return overlay(OverlayStyle.USUAL);
  }

  /** As {@link #overlay()}, in another style. */
  public BufferedImage overlay(OverlayStyle style) {
    Map<Integer, Integer> numbers = numbers();
    Map<Integer, Integer> places = new HashMap<>();
    places.put(map.voidId(), ObjectOverlay.NOTHING);
    List<ObjectOverlay.Item> items = new ArrayList<>();
    for (Segment segment : segments()) {
      places.put(segment.id(), items.size());
      int number = numbers.get(segment.id());
      String text = number == 0 ? name(segment) : name(segment) + " " + number;
      items.add(new ObjectOverlay.Item(segment.category(), number, text));
    }
    int[] regions = Arrays.stream(map.ids()).map(places::get).toArray();
    return ObjectOverlay.draw(image, regions, items, classes, style);
  }

  /**
   * SHA-256 of the map's ids, row by row, and of each segment's id, class and score (float64), all
   * little endian.
   */
  public String digest() {
    ResultDigest digest = new ResultDigest().add(map.ids());
    for (Segment segment : segments()) {
      digest.add(segment.id(), segment.category()).add(segment.score());
    }
    return digest.text();
  }

  /** Without the image and its pixels. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%d segments in %dx%d pixels", segments().size(), map.width(), map.height());
  }
}
