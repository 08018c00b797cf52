package org.spike2former.data.loader;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.data.Tally;

/**
 * What was counted over images of a split.
 *
 * @param <M> what a metric follows from
 */
public final class SplitTally<M extends Tally<M>> implements Tally<SplitTally<M>> {
  private static final long serialVersionUID = 1;

  private final M metric;
  private int images;
  private final ArrayList<String> skipped = new ArrayList<>();

  /**
   * Counted over a number of images.
   *
   * @param metric grows when others are added
   */
  SplitTally(M metric, int images) {
    this.metric = metric;
    this.images = images;
  }

  /** Of an image that was skipped. */
  SplitTally<M> withSkipped(String problem) {
    skipped.add(problem);
    return this;
  }

  /** What was counted. */
  public M metric() {
    return metric;
  }

  /** How many images were segmented. */
  public int images() {
    return images;
  }

  /** What was wrong with those that were not. */
  public List<String> skipped() {
    return List.copyOf(skipped);
  }

  @Override
  public void add(SplitTally<M> next) {
    metric.add(next.metric);
    images += next.images;
    skipped.addAll(next.skipped);
  }
}
