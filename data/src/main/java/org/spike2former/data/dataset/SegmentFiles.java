package org.spike2former.data.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.spike2former.data.coco.CocoId;
import org.spike2former.data.metric.MaskPrecision;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;

/** The segments of a split's images, whatever files they are in. For several threads. */
interface SegmentFiles {
  /** The images and where their segments are. */
  Layout.Listing listing();

  /** What a JSON file calls image {@code i}; null if there is none. */
  default CocoId id(int i) {
    return null;
  }

  /**
   * The segments of image {@code i}, with the classes that are used.
   *
   * @throws IOException "FILE: what is wrong"
   */
  PanopticMap read(int i) throws IOException;

  /**
   * The things of image {@code i}, with their whole masks where files have them.
   *
   * @throws IOException "FILE: what is wrong"
   */
  default List<MaskPrecision.Truth> truths(int i) throws IOException {
    PanopticMap map = read(i);
    List<MaskPrecision.Truth> truths = new ArrayList<>();
    for (Segment segment : map.segments()) {
      if (segment.thing()) {
        truths.add(
            new MaskPrecision.Truth(
                segment.category(), map.mask(segment.id()), segment.area(), segment.crowd()));
      }
    }
    return truths;
  }

  /**
   * Lists them.
   *
   * @param split what the data set calls it
   * @param use train, val or test, or else the split itself
   * @throws IOException naming the folder or file that is missing, or what in it is wrong
   */
  static SegmentFiles open(Layout layout, SegmentRule rule, Path root, String split, String use)
      throws IOException {
    if (rule.annotations() == null) {
      return new InstancePngFiles(layout.listing(root, split), rule);
    }
    Path images = layout.imageFolder(root, split);
    Path json = Layout.below(root, rule.annotations(), split, use);
    CocoImageFiles files = new CocoImageFiles(images, layout.imageSuffix());
    if (rule.format() == LabelFormat.INSTANCES) {
      return new CocoInstanceFiles(json, files, rule);
    }
    Path pngs = Layout.below(root, layout.labelDirs().getFirst(), split, use);
    return new CocoPanopticFiles(json, pngs, files, rule);
  }
}
