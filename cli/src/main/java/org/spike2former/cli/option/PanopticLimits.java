package org.spike2former.cli.option;

import org.spike2former.data.Task;
import org.spike2former.data.config.BadValueException;
import org.spike2former.model.panoptic.PanopticOptions;
import picocli.CommandLine.Option;

/** The options that say what becomes a segment or an instance. */
public final class PanopticLimits {
  @Option(
      names = "--object-mask-thr",
      paramLabel = "0…1",
      description =
          "panoptic: queries whose greatest class score is not above it are left out (default:"
              + " 0.8).")
  private Double objectMaskThr;

  @Option(
      names = "--iou-thr",
      paramLabel = "0…1",
      description =
          "panoptic: segments that keep a smaller share of their own mask are dropped (default:"
              + " 0.8).")
  private Double iouThr;

  @Option(
      names = "--filter-low-score",
      description = "panoptic: segments keep only pixels where their own mask is at least 0.5.")
  private boolean filterLowScore;

  @Option(
      names = "--max-per-image",
      paramLabel = "N",
      description = "instance: how many of the greatest class scores to look at (default: 100).")
  private Integer maxPerImage;

  /**
   * The limits.
   *
   * @throws IllegalArgumentException naming an option that is out of range or for another task
   */
  public PanopticOptions read(Task task) {
    if (task != Task.PANOPTIC && (objectMaskThr != null || iouThr != null || filterLowScore)) {
      throw new IllegalArgumentException(
          "--object-mask-thr, --iou-thr and --filter-low-score go with task panoptic");
    }
    if (task != Task.INSTANCE && maxPerImage != null) {
      throw new IllegalArgumentException("--max-per-image goes with task instance");
    }
    try {
      return new PanopticOptions(objectMaskThr, iouThr, filterLowScore, maxPerImage);
    } catch (BadValueException e) {
      throw new IllegalArgumentException("--" + e.key().replace('_', '-') + ": " + e.problem(), e);
    }
  }
}
