package org.spike2former.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.data.Sample;
import org.spike2former.data.loader.Batch;
import org.spike2former.model.network.Network;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.autograd.BatchStatistics;
import org.spike2former.tensor.autograd.TapeOps;
import org.spike2former.tensor.autograd.TapeOptions;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.train.config.LoopConfig;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.loss.GroundTruth;
import org.spike2former.train.loss.Losses;
import org.spike2former.train.loss.Objective;

/**
 * Forward, objective and backward of one batch. The network is left as it was: its running
 * statistics move within the pass, whose padding reads them ({@code model.md} section 2), and are
 * put back after it. So the batches of a step all start from the same network, and what each gives
 * does not depend on who computes it and when.
 */
public final class BatchPass {
  private final Network network;
  private final TapeOps ops;
  private final Objective objective;

  /** Losses of a pass and what it adds to a step. */
  record Result(Losses losses, BatchGradients gradients) {}

  /** Passes through this network, whose parameters have the real type of {@code ops}. */
  BatchPass(Network network, TapeOps ops, Objective objective) {
    this.network = network;
    this.ops = ops;
    this.objective = objective;
  }

  /** Passes as a run's configuration says, through a network that fits it. */
  public static BatchPass of(TrainConfig config, Network network, Workers workers) {
    LoopConfig loop = config.loop();
    TapeOps ops =
        Backends.createForTraining(Backend.AUTO, loop.precision(), workers)
            .with(TapeOptions.DEFAULT.withFrozenNorms(loop::isFrozen));
    return new BatchPass(
        network, ops, Objective.of(config.model(), Sample.IGNORE, config.loss(), workers));
  }

  /** The network. */
  public Network network() {
    return network;
  }

  TapeOps ops() {
    return ops;
  }

  /**
   * Runs a batch.
   *
   * @throws IllegalArgumentException if a label is neither a class nor without one
   */
  public BatchResult run(Batch batch) {
    Tensor images = Tensor.of(batch.images(), batch.shape());
    try {
      Result result = run(images, truth(batch));
      return BatchResult.of(batch.names(), result.losses(), result.gradients());
    } catch (ArithmeticException _) {
      return BatchResult.notFinite(batch.names());
    }
  }

  private static GroundTruth truth(Batch batch) {
    return batch.segments() != null
        ? new GroundTruth.Panoptic(batch.segments())
        : new GroundTruth.Semantic(
            Tensor.labels(batch.labels(), batch.size(), batch.height(), batch.width()));
  }

  /**
   * Runs a batch.
   *
   * @param images [B, H, W, 3], normalised
   * @param truth of the same images
   * @throws ArithmeticException if its scores are not finite
   */
  Result run(Tensor images, GroundTruth truth) {
    Map<Parameter, Tensor> buffers = buffers();
    try {
      ops.beginRun(true);
      List<Tensor> outputs = network.trainingOutputs(ops, images.to(ops.precision().type()));
      List<BatchStatistics> statistics = ops.statistics();
      Losses losses = objective.evaluate(outputs, truth);
      Map<Parameter, Tensor> gradients = ops.backward(outputs, losses.gradients()).all();
      return new Result(losses, new BatchGradients(gradients, statistics));
    } finally {
      buffers.forEach(Parameter::set);
    }
  }

  /** What forward replaces, such as running means. */
  private Map<Parameter, Tensor> buffers() {
    Map<Parameter, Tensor> buffers = new LinkedHashMap<>();
    for (Parameter parameter : network.parameters().all()) {
      if (!parameter.trainable() && parameter.isSet()) {
        buffers.put(parameter, parameter.value());
      }
    }
    return buffers;
  }
}
