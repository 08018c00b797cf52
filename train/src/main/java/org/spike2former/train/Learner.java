package org.spike2former.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.Network;
import org.spike2former.model.weights.Fit;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.model.weights.ModelWeights;
import org.spike2former.model.weights.WeightsReport;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.train.config.InitConfig;
import org.spike2former.train.config.LoopConfig;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.optimiser.AdamW;
import org.spike2former.train.optimiser.Ema;
import org.spike2former.train.run.ClassOrder;

/** The network in training and all that belongs to it: optimiser, averages, passes. */
final class Learner {
  private final TrainConfig config;
  private final Workers workers;
  private final Network network;
  private AdamW optimiser;
  private Ema ema;
  private BatchPass pass;
  private TrainingStep trainingStep;
  private long step;
  private boolean whole = true;

  Learner(TrainConfig config, Workers workers) {
    this.config = config;
    this.workers = workers;
    this.network = Network.of(config.model());
  }

  /** Numbers that are trained. */
  long trained() {
    return network.parameters().count("");
  }

  /** Finished optimiser steps. */
  long step() {
    return step;
  }

  /**
   * Whether all belongs to the same step: not after an update that was broken off, for example for
   * want of memory.
   */
  boolean isWhole() {
    return whole;
  }

  /**
   * First weights, from a checkpoint where the configuration names one.
   *
   * @param notices gets lines about how much of it was used and what is drawn
   */
  void start(Consumer<String> notices) throws IOException {
    InitConfig init = config.init();
    if (init.weights() != null) {
      Fit fit = init.strict() ? Fit.EXACT : Fit.OTHER_CLASSES;
      Path file =
          Files.isDirectory(init.weights()) ? ModelFolder.weights(init.weights()) : init.weights();
      WeightsReport report = ModelWeights.load(network.parameters(), file, init.weightsKey(), fit);
      notices.accept(report.summary());
      report.gaps().forEach(notices);
      ClassOrder.follow(init.weights(), config.data().classes(), network.parameters())
          .ifPresent(notices);
    }
    Initialiser.fill(network.parameters(), init.scheme(), init.seed(), init.layerScale());
    assemble();
  }

  /**
   * Goes on from a checkpoint.
   *
   * @throws IllegalArgumentException naming the tensor that is missing or has another shape
   */
  void restore(TrainingState state) {
    for (Parameter parameter : network.parameters().all()) {
      Tensor value = state.weights().get(parameter.name());
      if (value == null) {
        throw new IllegalArgumentException("it has no tensor " + parameter.name());
      }
      parameter.set(value);
    }
    assemble();
    for (Parameter parameter : network.parameters().all()) {
      if (parameter.name().endsWith(Ema.BATCH_COUNT)) { // counts have a type of their own
        parameter.set(state.weights().get(parameter.name()).copy());
      }
    }
    optimiser.restore(state.optimiser(), state.step());
    if (ema != null) {
      ema.restore(state.ema().isEmpty() ? state.weights() : state.ema(), state.step());
    }
    step = state.step();
  }

  private void assemble() {
    LoopConfig loop = config.loop();
    TrainingStep.convert(network, loop.precision());
    optimiser = new AdamW(network.parameters(), config.optimizer(), workers);
    ema = loop.ema() > 0 ? new Ema(network.parameters(), loop.ema()) : null;
    pass = BatchPass.of(config, network, workers);
    trainingStep =
        new TrainingStep(
            pass,
            optimiser,
            config.optimizer().gradientClip(),
            config.schedule().schedule(loop.iterations()),
            workers);
  }

  /** Forward and backward through the network in training. */
  BatchPass pass() {
    return pass;
  }

  /**
   * One step of the optimiser. Where a batch fails, nothing has changed.
   *
   * @param source computes the step's batches
   * @return what it did; where its loss or norm is not finite the weights may be worthless
   * @throws IOException as {@link GradientSource#next}
   * @throws IllegalStateException if it is not {@linkplain #isWhole() whole} any more
   */
  StepReport step(GradientSource source) throws IOException {
    if (!whole) {
      throw new IllegalStateException(
          "step " + (step + 1) + " was broken off while weights moved; go on from a checkpoint");
    }
    int count = config.loop().accumulate();
    double loss = 0;
    double cls = 0;
    double mask = 0;
    double dice = 0;
    List<String> names = new ArrayList<>();
    try {
      source.begin(step * count, count);
      for (int i = 0; i < count; i++) {
        BatchResult batch = source.next();
        names.addAll(batch.names());
        if (batch.gradients() == null) {
          trainingStep.forget();
          return StepReport.notFinite(step + 1, names);
        }
        trainingStep.add(batch.gradients());
        loss += batch.loss() / count;
        cls += batch.cls() / count;
        mask += batch.mask() / count;
        dice += batch.dice() / count;
      }
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      trainingStep.forget();
      throw e;
    }
    whole = false;
    TrainingStep.Update update = trainingStep.update(step);
    step++;
    if (ema != null) {
      ema.update();
    }
    whole = true;
    return new StepReport(
        step, loss, cls, mask, dice, update.gradientNorm(), update.learningRate(), names);
  }

  /** Weights and buffers for use: the averaged ones where there are some; not copies. */
  Map<String, Tensor> exported() {
    return ema != null ? ema.values() : network.parameters().values();
  }

  /** Everything, not copied. */
  TrainingState state(JsonNode tree, JsonNode inputs, double bestQuality, long bestStep) {
    return new TrainingState(
        step,
        tree,
        inputs,
        bestQuality,
        bestStep,
        network.parameters().values(),
        optimiser.state(),
        ema == null ? Map.of() : ema.values());
  }
}
