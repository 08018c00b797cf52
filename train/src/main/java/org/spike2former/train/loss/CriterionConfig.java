package org.spike2former.train.loss;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;

/**
 * Weights of the criterion ({@code model.md} section 9), the {@code loss} section; defaults are the
 * release's.
 */
public record CriterionConfig(
    @JsonPropertyDescription("weight of the classification loss") @Range(min = 0)
        Double classWeight,
    @JsonPropertyDescription("weight of the classification cost; absent: class_weight")
        @Range(min = 0)
        Double classCost,
    @JsonPropertyDescription("weight of \"no object\" among the classes of the cross-entropy")
        @Range(min = 0)
        Double noObjectWeight,
    @JsonPropertyDescription("weight of the focal cost and loss") @Range(min = 0) Double maskWeight,
    @JsonPropertyDescription("weight of the dice cost and loss") @Range(min = 0) Double diceWeight,
    @JsonPropertyDescription("whether the total is the mean over the L+1 states, not the sum")
        Boolean averageStates,
    @JsonPropertyDescription("factor of the total") @Range(min = 0) Double scale) {
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

  /** The release's weights, but for that of the classes, and a factor of the total. */
  public static CriterionConfig ofClasses(double classWeight, double scale) {
    return new CriterionConfig(classWeight, null, null, null, null, null, scale);
  }

  /** The factor between a state's losses and their part of the total. */
  double factor(int states) {
    return averageStates ? scale / states : scale;
  }
}
