package org.spike2former.train.report;

import org.spike2former.train.config.TrainConfig;

/**
 * What a run is about to do.
 *
 * @param parameters of the network that are trained
 * @param training images to train on
 * @param validation images to evaluate on
 * @param step finished steps; more than 0 where a run goes on
 */
public record RunPlan(
    TrainConfig config, long parameters, int training, int validation, long step) {
  /** The network's name, or what it is made of. */
  public String network() {
    String name = config.tree().path("model").textValue();
    return name != null
        ? name
        : config.model().backbone().type() + " " + config.model().backbone().embedDims();
  }

  /** Steps in all. */
  public int iterations() {
    return config.loop().iterations();
  }

  /** Images of a step. */
  public int imagesPerStep() {
    return config.loop().imagesPerStep();
  }

  /** Evaluations after a step. */
  public long evaluationsAfter(long step) {
    int every = config.loop().evalEvery();
    long regular = every == 0 ? 0 : iterations() / every - step / every;
    boolean another = step < iterations() && (every == 0 || iterations() % every != 0);
    return regular + (another ? 1 : 0);
  }
}
