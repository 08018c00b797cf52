package org.spike2former.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.model.network.Network;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.autograd.BatchStatistics;
import org.spike2former.tensor.autograd.TapeOps;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.train.loss.GroundTruth;
import org.spike2former.train.loss.Losses;
import org.spike2former.train.loss.Objective;
import org.spike2former.train.optimiser.AdamW;
import org.spike2former.train.optimiser.GradientClip;
import org.spike2former.train.optimiser.Schedule;

/**
 * One step of training: {@link #add} takes what the batches of a step gave, in their order; {@link
 * #update} clips the mean of the gradients, changes the weights and moves the running statistics.
 */
public final class TrainingStep {
  private final BatchPass pass;
  private final AdamW optimiser;
  private final GradientClip clip;
  private final Schedule schedule;
  private final Workers workers;
  private final Map<Parameter, Tensor> gradients = new LinkedHashMap<>();
  private final List<BatchStatistics> statistics = new ArrayList<>();
  private int batches;

  /**
   * What an update did.
   *
   * @param learningRate base rate at this step, before the factors of rules
   * @param gradientNorm before clipping
   * @param applied whether the weights changed: not where the norm is not finite
   */
  public record Update(double learningRate, double gradientNorm, boolean applied) {}

  /**
   * A step of this network, whose parameters have the real type of {@code ops}: see {@link
   * #convert}.
   */
  public TrainingStep(
      Network network,
      TapeOps ops,
      Objective objective,
      AdamW optimiser,
      GradientClip clip,
      Schedule schedule,
      Workers workers) {
    this(new BatchPass(network, ops, objective), optimiser, clip, schedule, workers);
  }

  TrainingStep(
      BatchPass pass, AdamW optimiser, GradientClip clip, Schedule schedule, Workers workers) {
    this.pass = pass;
    this.optimiser = optimiser;
    this.clip = clip;
    this.schedule = schedule;
    this.workers = workers;
  }

  /** Gives every parameter and buffer of a network values of its own in the type to train in. */
  public static void convert(Network network, Precision precision) {
    for (Parameter parameter : network.parameters().all()) {
      Tensor value = parameter.value();
      parameter.set(value.dtype() == precision.type() ? value.copy() : value.to(precision.type()));
    }
  }

  /**
   * Runs a batch forward and backward and adds what it gave.
   *
   * @param images [B, H, W, 3], normalised
   * @param truth of the same images
   */
  public Losses accumulate(Tensor images, GroundTruth truth) {
    BatchPass.Result result = pass.run(images, truth);
    add(result.gradients());
    return result.losses();
  }

  /**
   * Adds a batch to those since the last update. Where adding fails, all of them are forgotten,
   * since some may hold a part of the batch.
   */
  void add(BatchGradients batch) {
    boolean complete = false;
    try {
      batch.gradients().forEach(this::add);
      statistics.addAll(batch.statistics());
      batches++;
      complete = true;
    } finally {
      if (!complete) {
        forget();
      }
    }
  }

  /** In place: what {@code ops} would return may be overwritten in the next run. */
  private void add(Parameter parameter, Tensor gradient) {
    Tensor sum = gradients.putIfAbsent(parameter, gradient);
    if (sum != null) {
      pass.ops().accumulate(sum, gradient);
    }
  }

  /** Forgets the batches since the last update. */
  void forget() {
    gradients.clear();
    statistics.clear();
    batches = 0;
  }

  /** Sum of the gradients since the last update; null for a parameter without any. */
  public Tensor gradient(Parameter parameter) {
    return gradients.get(parameter);
  }

  /**
   * Changes the weights by the mean of the gradients, and the running statistics by those of each
   * batch, one after another; the batches are then forgotten.
   *
   * @param step number of the step, from 0, for the schedule
   * @throws IllegalStateException without a batch since the last update
   */
  public Update update(long step) {
    if (batches == 0) {
      throw new IllegalStateException("an update without a batch");
    }
    List<Tensor> ordered = new ArrayList<>();
    for (Parameter parameter : pass.network().parameters().all()) {
      if (gradients.containsKey(parameter)) {
        ordered.add(gradients.get(parameter));
      }
    }
    double norm = GradientClip.norm(ordered, workers) / batches;
    double factor = schedule.factorAt(step);
    boolean finite = Double.isFinite(norm);
    if (finite) {
      optimiser.step(gradients::get, clip.factor(norm) / batches, factor);
    }
    statistics.forEach(each -> each.update(pass.ops().precision().type()));
    forget();
    return new Update(optimiser.config().lr() * factor, norm, finite);
  }
}
