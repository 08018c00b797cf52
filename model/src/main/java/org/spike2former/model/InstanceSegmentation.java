package org.spike2former.model;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.spike2former.data.ClassTable;
import org.spike2former.data.mask.BitMask;
import org.spike2former.data.picture.ObjectOverlay;
import org.spike2former.data.picture.OverlayStyle;
import org.spike2former.model.panoptic.Instance;

/**
 * The things in an image, which may overlap.
 *
 * @param image the image as it was given
 * @param instances the things, those with the greatest class scores first; masks are of the image's
 *     size
 * @param classes names and colours, things first
 */
public record InstanceSegmentation(
    BufferedImage image, List<Instance> instances, ClassTable classes) {
  /** Instances of a lower score are left out of the picture. */
  public static final double SHOWN = 0.3;

  /** Copies the list. */
  public InstanceSegmentation {
    instances = List.copyOf(instances);
  }

  /** The name of an instance's class. */
  public String name(Instance instance) {
    return classes.names().get(instance.category());
  }

  /**
   * The image under the instances with a score of at least {@value #SHOWN}, the surest on top, with
   * their places in the list, from 1, names and scores, and a legend.
   */
  public BufferedImage overlay() {
    return overlay(OverlayStyle.USUAL);
  }

  /** As {@link #overlay()}, in another style. */
  public BufferedImage overlay(OverlayStyle style) {
    int width = image.getWidth();
    int[] regions = new int[width * image.getHeight()];
    Arrays.fill(regions, ObjectOverlay.NOTHING);
    int[] counts = new int[classes.size()];
    List<ObjectOverlay.Item> items = new ArrayList<>();
    List<BitMask> masks = new ArrayList<>();
    for (Instance instance : shown()) {
      int k = instance.category();
      int place = instances.indexOf(instance) + 1;
      String text =
          String.format(Locale.ROOT, "%s %d %.2f", name(instance), place, instance.score());
      items.add(new ObjectOverlay.Item(k, ++counts[k], text));
      masks.add(instance.mask().toBits());
    }
    for (int pixel = 0; pixel < regions.length; pixel++) {
      for (int i = 0; i < masks.size() && regions[pixel] == ObjectOverlay.NOTHING; i++) {
        if (masks.get(i).get(pixel / width, pixel % width)) {
          regions[pixel] = i;
        }
      }
    }
    return ObjectOverlay.draw(image, regions, items, classes, style);
  }

  private List<Instance> shown() {
    return instances.stream()
        .filter(instance -> instance.score() >= SHOWN)
        .sorted(Comparator.comparingDouble(instance -> -instance.score()))
        .toList();
  }

  /**
   * SHA-256 of each instance's query, class, score (float64) and mask (the lengths of its runs),
   * all little endian.
   */
  public String digest() {
    ResultDigest digest = new ResultDigest();
    for (Instance instance : instances) {
      digest.add(instance.query(), instance.category()).add(instance.score());
      digest.add(instance.mask().counts());
    }
    return digest.text();
  }
}
