package org.spike2former.train;

import java.util.List;

/**
 * One step of a run.
 *
 * @param step finished steps, this one included
 * @param loss what is minimised; the mean over accumulated batches
 * @param cls its part for the classes, summed over states, weight applied
 * @param mask its part for the masks by focal loss
 * @param dice its part for the masks by dice
 * @param gradientNorm 2-norm before clipping
 * @param learningRate base rate of this step
 * @param names of the images
 */
public record StepReport(
    long step,
    double loss,
    double cls,
    double mask,
    double dice,
    double gradientNorm,
    double learningRate,
    List<String> names) {
  /** A step of which a batch had scores that were not finite; there was no update. */
  static StepReport notFinite(long step, List<String> names) {
    return new StepReport(
        step, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, names);
  }
}
