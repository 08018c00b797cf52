package org.spike2former.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.autograd.Gradients;
import org.spike2former.tensor.autograd.TapeOps;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.train.loss.Criterion;
import org.spike2former.train.loss.GroundTruth;
import org.spike2former.train.loss.Losses;
import org.spike2former.train.optimiser.AdamW;
import org.spike2former.train.optimiser.GradientClip;
import org.spike2former.train.optimiser.Schedule;

/**
 * One step of training: {@link #accumulate} runs forward, criterion and backward, as often as a
 * step has batches; {@link #update} clips the mean of the gradients and changes the weights.
 */
public final class TrainingStep {
  private final Spike2Former network;
  private final TapeOps ops;
  private final Criterion criterion;
  private final AdamW optimiser;
  private final GradientClip clip;
  private final Schedule schedule;
  private final Workers workers;
  private final Map<Parameter, Tensor> gradients = new LinkedHashMap<>();
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
      Spike2Former network,
      TapeOps ops,
      Criterion criterion,
      AdamW optimiser,
      GradientClip clip,
      Schedule schedule,
      Workers workers) {
    this.network = network;
    this.ops = ops;
    this.criterion = criterion;
    this.optimiser = optimiser;
    this.clip = clip;
    this.schedule = schedule;
    this.workers = workers;
  }

  /** Gives every parameter and buffer of a network values of its own in the type to train in. */
  public static void convert(Spike2Former network, Precision precision) {
    for (Parameter parameter : network.parameters().all()) {
      Tensor value = parameter.value();
      parameter.set(value.dtype() == precision.type() ? value.copy() : value.to(precision.type()));
    }
  }

  /**
   * Runs a batch forward and backward; its gradients add to those since the last update. Where
   * adding fails, all of them are forgotten, since some may hold a part of the batch.
   *
   * @param images [B, H, W, 3], normalised
   * @param truth of the same images
   */
  public Losses accumulate(Tensor images, GroundTruth truth) {
    ops.beginRun(true);
    Spike2Former.Prediction prediction =
        network.predictAllStates(ops, images.to(ops.precision().type()));
    Losses losses = criterion.evaluate(prediction.classScores(), prediction.masks(), truth);
    Gradients found =
        ops.backward(
            List.of(prediction.classScores(), prediction.masks()),
            List.of(losses.classScoresGradient(), losses.masksGradient()));
    addAll(found);
    batches++;
    return losses;
  }

  private void addAll(Gradients found) {
    boolean complete = false;
    try {
      found.all().forEach(this::add);
      complete = true;
    } finally {
      if (!complete) {
        gradients.clear();
        batches = 0;
      }
    }
  }

  /** In place: what {@code ops} would return may be overwritten in the next run. */
  private void add(Parameter parameter, Tensor gradient) {
    Tensor sum = gradients.putIfAbsent(parameter, gradient);
    if (sum != null) {
      ops.accumulate(sum, gradient);
    }
  }

  /** Sum of the gradients since the last update; null for a parameter without any. */
  public Tensor gradient(Parameter parameter) {
    return gradients.get(parameter);
  }

  /**
   * Changes the weights by the mean of the gradients, which are then forgotten.
   *
   * @param step number of the step, from 0, for the schedule
   * @throws IllegalStateException without a batch since the last update
   */
  public Update update(long step) {
    if (batches == 0) {
      throw new IllegalStateException("an update without a batch");
    }
    List<Tensor> ordered = new ArrayList<>();
    for (Parameter parameter : network.parameters().all()) {
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
    gradients.clear();
    batches = 0;
    return new Update(optimiser.config().lr() * factor, norm, finite);
  }
}
