package org.spike2former.cli.option;

import java.util.List;
import org.spike2former.data.dataset.Inference.SlidingWindow;
import org.spike2former.data.image.Preprocessing;
import picocli.CommandLine.Option;

/** The options that say how large windows that slide over an image are. */
public final class WindowOptions {
  private static final SlidingWindow USUAL = new SlidingWindow(512, 512, 341, 341);

  @Option(
      names = "--crop",
      paramLabel = "H,W",
      split = ",",
      description = "Size of the windows (default: as the data set says, else 512,512).")
  private List<Integer> crop;

  @Option(
      names = "--stride",
      paramLabel = "H,W",
      split = ",",
      description = "Step of the windows (default: as the data set says, else 341,341).")
  private List<Integer> stride;

  /** Whether either is given. */
  public boolean given() {
    return crop != null || stride != null;
  }

  /**
   * The window.
   *
   * @param ofData what the data set says; may be null
   * @throws IllegalArgumentException if it is too small, or its stride leaves gaps
   */
  public SlidingWindow read(SlidingWindow ofData) {
    SlidingWindow usual = ofData == null ? USUAL : ofData;
    int[] size = pair("--crop", crop, usual.height(), usual.width());
    int[] step = pair("--stride", stride, usual.strideHeight(), usual.strideWidth());
    if (Math.min(size[0], size[1]) < Preprocessing.MIN_SIDE) {
      throw new IllegalArgumentException(
          "--crop: sides need " + Preprocessing.MIN_SIDE + " pixels");
    }
    return new SlidingWindow(size[0], size[1], step[0], step[1]);
  }

  private static int[] pair(String option, List<Integer> values, int first, int second) {
    if (values == null) {
      return new int[] {first, second};
    }
    if (values.size() != 2) {
      throw new IllegalArgumentException(option + ": expected H,W, found " + values);
    }
    return new int[] {values.get(0), values.get(1)};
  }
}
