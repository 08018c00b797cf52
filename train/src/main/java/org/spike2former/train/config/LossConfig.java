package org.spike2former.train.config;

import org.spike2former.train.loss.CriterionConfig;

/**
 * The {@code loss} section; defaults are the release's. {@link CriterionConfig} says what the
 * numbers weigh.
 *
 * @param classWeight default 1
 * @param classCost weight of the classes in the matching cost; default {@code classWeight}
 * @param noObjectWeight default 0.1
 * @param maskWeight default 20
 * @param diceWeight default 1
 * @param averageStates default false
 * @param scale default 1
 */
public record LossConfig(
    Double classWeight,
    Double classCost,
    Double noObjectWeight,
    Double maskWeight,
    Double diceWeight,
    Boolean averageStates,
    Double scale) {
  /** All defaults. */
  static LossConfig defaults() {
    return new LossConfig(null, null, null, null, null, null, null);
  }

  /** The criterion's configuration for this many classes. */
  public CriterionConfig criterion(int classes, int ignoreLabel) {
    CriterionConfig usual = CriterionConfig.of(classes);
    double weight = classWeight == null ? usual.classWeight() : classWeight;
    return new CriterionConfig(
        classes,
        ignoreLabel,
        classCost == null ? weight : classCost,
        weight,
        noObjectWeight == null ? usual.noObjectWeight() : noObjectWeight,
        maskWeight == null ? usual.maskWeight() : maskWeight,
        diceWeight == null ? usual.diceWeight() : diceWeight,
        averageStates == null ? usual.averageStates() : averageStates,
        scale == null ? usual.scale() : scale);
  }
}
