package org.spike2former.data.panoptic;

import org.spike2former.data.mask.Box;

/**
 * A part of an image: a thing, all stuff of one class, or a crowd of things.
 *
 * @param id what its pixels have in the map
 * @param category its class, contiguous from 0
 * @param thing whether its class is one of things
 * @param crowd whether it is several things that nobody told apart; never of a prediction
 * @param score how sure a prediction is, 0 to 1; 1 of ground truth
 * @param area its pixels
 * @param box the least one that holds them
 */
public record Segment(
    int id, int category, boolean thing, boolean crowd, double score, int area, Box box) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException naming the segment
   */
  public Segment {
    if (category < 0 || area < 0 || !(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException(
          "segment " + id + ": category " + category + ", score " + score + ", area " + area);
    }
  }

  Segment with(PanopticMap.Extent extent) {
    return new Segment(id, category, thing, crowd, score, extent.area(), extent.box());
  }

  Segment withCategory(int newCategory, boolean isThing) {
    return new Segment(id, newCategory, isThing, crowd, score, area, box);
  }
}
