package org.spike2former.train.loss;

import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;

/**
 * Weights of the criterion ({@code model.md} section 9), the {@code loss} section; defaults are the
 * release's.
 *
 * @param classWeight of the classification loss; default 1
 * @param classCost w_c, of the classification cost of the matching; default {@code classWeight}
 * @param noObjectWeight weight of "no object" among the classes of the cross-entropy; default 0.1
 * @param maskWeight of the focal cost and loss; default 20
 * @param diceWeight of the dice cost and loss; default 1
 * @param averageStates whether the total is the mean over the L+1 states instead of the sum;
 *     default false
 * @param scale factor of the total; default 1
 */
public record CriterionConfig(
    @Range(min = 0) Double classWeight,
    @Range(min = 0) Double classCost,
    @Range(min = 0) Double noObjectWeight,
    @Range(min = 0) Double maskWeight,
    @Range(min = 0) Double diceWeight,
    Boolean averageStates,
    @Range(min = 0) Double scale) {
  /** The release's weights. */
  public static final CriterionConfig RELEASE =
      new CriterionConfig(null, null, null, null, null, null, null);

  /**
   * Fills in the defaults and checks the ranges.
   *
   * @throws IllegalArgumentException naming the value
   */
  public CriterionConfig {
    classWeight = classWeight == null ? 1 : classWeight;
    classCost = classCost == null ? classWeight : classCost;
    noObjectWeight = noObjectWeight == null ? 0.1 : noObjectWeight;
    maskWeight = maskWeight == null ? 20 : maskWeight;
    diceWeight = diceWeight == null ? 1 : diceWeight;
    averageStates = averageStates != null && averageStates;
    scale = scale == null ? 1 : scale;
    Ranges.check(
        CriterionConfig.class,
        classWeight,
        classCost,
        noObjectWeight,
        maskWeight,
        diceWeight,
        averageStates,
        scale);
  }

  /** The factor between a state's losses and their part of the total. */
  double factor(int states) {
    return averageStates ? scale / states : scale;
  }
}
