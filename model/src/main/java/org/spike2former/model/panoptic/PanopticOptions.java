package org.spike2former.model.panoptic;

import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;

/**
 * Limits of the post-processing, named as mmdetection's {@code test_cfg}.
 *
 * @param objectMaskThr queries whose greatest class score is not above it are left out of segments;
 *     default 0.8
 * @param iouThr segments of which a smaller share of the query's own mask is left are dropped;
 *     default 0.8
 * @param filterLowScore whether segments keep only pixels where the query's own mask is at least ½;
 *     default false
 * @param maxPerImage how many of the greatest class scores are looked at for instances; default 100
 */
public record PanopticOptions(
    @Range(min = 0, max = 1) Double objectMaskThr,
    @Range(min = 0, max = 1) Double iouThr,
    Boolean filterLowScore,
    @Range(min = 1, max = 1e6) Integer maxPerImage) {
  /** mmdetection's values. */
  public static final PanopticOptions DEFAULT = new PanopticOptions(null, null, null, null);

  /**
   * Fills in the defaults and checks the ranges.
   *
   * @throws IllegalArgumentException naming the value
   */
  public PanopticOptions {
    objectMaskThr = objectMaskThr == null ? 0.8 : objectMaskThr;
    iouThr = iouThr == null ? 0.8 : iouThr;
    filterLowScore = filterLowScore != null && filterLowScore;
    maxPerImage = maxPerImage == null ? 100 : maxPerImage;
    Ranges.check(PanopticOptions.class, objectMaskThr, iouThr, filterLowScore, maxPerImage);
  }
}
