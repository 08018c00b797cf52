package org.spike2former.train.optimiser;

import java.util.List;

/**
 * Settings of {@link AdamW}. The first rule that fits a parameter's name decides about it; without
 * one the base values hold.
 *
 * @param learningRate base rate
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of squares
 * @param epsilon added to the denominator
 * @param weightDecay base decay, multiplied by the learning rate at each step
 * @param rules exceptions by name
 */
public record AdamWConfig(
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    List<Rule> rules) {
  /**
   * An exception for the parameters whose name contains a text.
   *
   * @param text part of the name, for example {@code backbone}
   * @param learningRateFactor of the base rate; 0 freezes
   * @param weightDecayFactor of the base decay
   */
  public record Rule(String text, double learningRateFactor, double weightDecayFactor) {
    /** Checks the factors. */
    public Rule {
      require("learning-rate factor of " + text, learningRateFactor);
      require("weight-decay factor of " + text, weightDecayFactor);
    }
  }

  private static final Rule BASE = new Rule("", 1, 1);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the value
   */
  public AdamWConfig {
    rules = List.copyOf(rules);
    require("learning rate", learningRate);
    require("weight decay", weightDecay);
    require("epsilon", epsilon);
    if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
      throw new IllegalArgumentException(
          "AdamW: expected 0 <= beta < 1, found " + beta1 + " and " + beta2);
    }
  }

  private static void require(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "AdamW: " + name + ": expected a number of at least 0, found " + value);
    }
  }

  /** The release's groups ({@code model.md} section 9), betas 0.9 and 0.999, epsilon 1e-8. */
  public static AdamWConfig release(double learningRate, double weightDecay) {
    return new AdamWConfig(
        learningRate,
        0.9,
        0.999,
        1e-8,
        weightDecay,
        List.of(
            new Rule("backbone", 0.1, 1),
            new Rule("query_embed", 1, 0),
            new Rule("query_feat", 1, 0),
            new Rule("level_embed", 1, 0)));
  }

  /** What holds for a parameter. */
  public Rule ruleFor(String name) {
    return rules.stream().filter(rule -> name.contains(rule.text())).findFirst().orElse(BASE);
  }
}
