package org.spike2former.train.loss;

/**
 * Weights of the criterion ({@code model.md} section 9).
 *
 * @param classes K, without "no object"
 * @param ignoreLabel pixels with this label belong to no target
 * @param classCost w_c, of the classification cost
 * @param classWeight of the classification loss
 * @param noObjectWeight weight of "no object" among the classes of the cross-entropy
 * @param maskWeight of the focal cost and loss
 * @param diceWeight of the dice cost and loss
 * @param averageStates whether the total is the mean over the L+1 states instead of the sum
 * @param scale factor of the total
 */
public record CriterionConfig(
    int classes,
    int ignoreLabel,
    double classCost,
    double classWeight,
    double noObjectWeight,
    double maskWeight,
    double diceWeight,
    boolean averageStates,
    double scale) {
  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the value
   */
  public CriterionConfig {
    if (classes < 1 || classes > 254) {
      throw new IllegalArgumentException("criterion: expected 1 to 254 classes, found " + classes);
    }
    if (ignoreLabel >= 0 && ignoreLabel < classes) {
      throw new IllegalArgumentException(
          "criterion: the ignored label " + ignoreLabel + " is one of the " + classes + " classes");
    }
    require("class cost", classCost);
    require("class weight", classWeight);
    require("weight of no object", noObjectWeight);
    require("mask weight", maskWeight);
    require("dice weight", diceWeight);
    require("scale", scale);
  }

  /** As the canonical constructor, with the same weight for the classes' cost and loss. */
  public CriterionConfig(
      int classes,
      int ignoreLabel,
      double classWeight,
      double noObjectWeight,
      double maskWeight,
      double diceWeight,
      boolean averageStates,
      double scale) {
    this(
        classes,
        ignoreLabel,
        classWeight,
        classWeight,
        noObjectWeight,
        maskWeight,
        diceWeight,
        averageStates,
        scale);
  }

  private static void require(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "criterion: " + name + ": expected a number of at least 0, found " + value);
    }
  }

  /** The release's weights: 1, 0.1, 20, 1, summed over the states, labels of 255 ignored. */
  public static CriterionConfig of(int classes) {
    return new CriterionConfig(classes, 255, 1, 0.1, 20, 1, false, 1);
  }

  /** The factor between a state's losses and their part of the total. */
  double factor(int states) {
    return averageStates ? scale / states : scale;
  }
}
