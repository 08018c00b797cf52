package org.spike2former.train;

import java.util.List;
import java.util.stream.DoubleStream;
import org.spike2former.train.loss.Losses;

/**
 * One batch of a step, computed.
 *
 * @param names of its images
 * @param loss what is minimised
 * @param cls its part for the classes, summed over states, weight applied
 * @param mask its part for the masks by focal loss
 * @param dice its part for the masks by dice
 * @param gradients null where the scores were not finite; the losses are NaN then
 */
public record BatchResult(
    List<String> names,
    double loss,
    double cls,
    double mask,
    double dice,
    BatchGradients gradients) {
  static BatchResult of(List<String> names, Losses losses, BatchGradients gradients) {
    return new BatchResult(
        names,
        losses.total(),
        DoubleStream.of(losses.cls()).sum(),
        DoubleStream.of(losses.mask()).sum(),
        DoubleStream.of(losses.dice()).sum(),
        gradients);
  }

  /** A batch whose scores were not finite, so that nothing could be matched. */
  public static BatchResult notFinite(List<String> names) {
    return new BatchResult(names, Double.NaN, Double.NaN, Double.NaN, Double.NaN, null);
  }
}
