package org.spike2former.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import org.spike2former.data.Sample;
import org.spike2former.data.Task;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.data.loader.Batch;
import org.spike2former.data.loader.Evaluator;
import org.spike2former.data.loader.ObjectEvaluator;
import org.spike2former.model.Segmenter;
import org.spike2former.model.SegmenterOptions;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.model.panoptic.PanopticOptions;
import org.spike2former.model.weights.Fit;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.model.weights.ModelWeights;
import org.spike2former.model.weights.WeightsReport;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.autograd.TapeOps;
import org.spike2former.tensor.autograd.TapeOptions;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.train.config.InitConfig;
import org.spike2former.train.config.LoopConfig;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.loss.Criterion;
import org.spike2former.train.loss.GroundTruth;
import org.spike2former.train.loss.Losses;
import org.spike2former.train.optimiser.AdamW;
import org.spike2former.train.optimiser.Ema;
import org.spike2former.train.run.ClassOrder;

/** The network in training and all that belongs to it: optimiser, averages, criterion. */
final class Learner {
  private static final String BACKEND = "auto";

  private final TrainConfig config;
  private final Workers workers;
  private final Spike2Former network;
  private AdamW optimiser;
  private Ema ema;
  private TrainingStep trainingStep;
  private long step;
  private boolean whole = true;

  Learner(TrainConfig config, Workers workers) {
    this.config = config;
    this.workers = workers;
    this.network = new Spike2Former(config.model());
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
      ClassOrder.follow(
              init.weights(),
              config.data().classes(),
              network.parameters().get(ModelWeights.CLASSIFIER + "weight"),
              network.parameters().get(ModelWeights.CLASSIFIER + "bias"))
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
    TapeOps ops =
        Backends.createForTraining(BACKEND, loop.precision(), workers)
            .with(TapeOptions.DEFAULT.withFrozenNorms(loop::isFrozen));
    Criterion criterion =
        new Criterion(config.model().head().classes(), Sample.IGNORE, config.loss(), workers);
    trainingStep =
        new TrainingStep(
            network,
            ops,
            criterion,
            optimiser,
            config.optimizer().gradientClip(),
            config.schedule().schedule(loop.iterations()),
            workers);
  }

  /**
   * One step of the optimiser over these batches.
   *
   * @return what it did; where its loss or norm is not finite the weights may be worthless
   */
  StepReport step(List<Batch> batches) {
    Map<Parameter, Tensor> buffers = buffers();
    try {
      return run(batches);
    } catch (RuntimeException | OutOfMemoryError e) {
      buffers.forEach(Parameter::set);
      throw e;
    }
  }

  /** Copies of what forward changes, such as running means. */
  private Map<Parameter, Tensor> buffers() {
    Map<Parameter, Tensor> buffers = new LinkedHashMap<>();
    for (Parameter parameter : network.parameters().all()) {
      if (!parameter.trainable()) {
        buffers.put(parameter, parameter.value().copy());
      }
    }
    return buffers;
  }

  private StepReport run(List<Batch> batches) {
    double loss = 0;
    double cls = 0;
    double mask = 0;
    double dice = 0;
    List<String> names = new ArrayList<>();
    for (Batch batch : batches) {
      names.addAll(batch.names());
      Tensor images = Tensor.of(batch.images(), batch.size(), batch.height(), batch.width(), 3);
      Losses losses;
      try {
        losses = trainingStep.accumulate(images, truth(batch));
      } catch (ArithmeticException _) {
        return new StepReport(
            step + 1, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, names);
      }
      loss += losses.total() / batches.size();
      cls += DoubleStream.of(losses.cls()).sum() / batches.size();
      mask += DoubleStream.of(losses.mask()).sum() / batches.size();
      dice += DoubleStream.of(losses.dice()).sum() / batches.size();
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

  private static GroundTruth truth(Batch batch) {
    return batch.segments() != null
        ? new GroundTruth.Panoptic(batch.segments())
        : new GroundTruth.Semantic(
            Tensor.labels(batch.labels(), batch.size(), batch.height(), batch.width()));
  }

  /**
   * Segments a data set's images as the configuration says, with the averaged weights where there
   * are some.
   *
   * @param stop asked after every image whether to break off
   * @return null if it was broken off
   */
  Evaluation evaluate(Dataset dataset, BooleanSupplier stop) throws IOException {
    Spike2Former copy = new Spike2Former(config.model());
    exported().forEach((name, value) -> copy.parameters().get(name).set(value));
    DataConfig data = config.data();
    SegmenterOptions options =
        new SegmenterOptions(BACKEND, config.loop().precision(), config.loop().threads(), false);
    Runnable step =
        () -> {
          if (stop.getAsBoolean()) {
            throw new CancellationException();
          }
        };
    try (Segmenter segmenter = Segmenter.of(copy, data.preprocessing(), data.classes(), options)) {
      return data.task() == Task.PANOPTIC
          ? quality(segmenter, dataset, step)
          : metrics(segmenter, dataset, step);
    } catch (CancellationException _) {
      return null;
    }
  }

  private Evaluation metrics(Segmenter segmenter, Dataset dataset, Runnable step)
      throws IOException {
    DataConfig data = config.data();
    return Evaluation.of(
        Evaluator.evaluate(
                dataset,
                image -> segmenter.segment(image, data.inference()),
                data.onBadImage(),
                (_, _, _) -> step.run())
            .metrics());
  }

  private Evaluation quality(Segmenter segmenter, Dataset dataset, Runnable step)
      throws IOException {
    DataConfig data = config.data();
    ResizeRule resize = data.inference().resize();
    return Evaluation.of(
        ObjectEvaluator.quality(
                dataset,
                image -> segmenter.panoptic(image, PanopticOptions.DEFAULT, resize).map(),
                data.onBadImage(),
                step)
            .metric());
  }

  /** Weights and buffers for use: the averaged ones where there are some; not copies. */
  Map<String, Tensor> exported() {
    return ema != null ? ema.values() : weights();
  }

  private Map<String, Tensor> weights() {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (Parameter parameter : network.parameters().all()) {
      weights.put(parameter.name(), parameter.value());
    }
    return weights;
  }

  /** Everything, not copied. */
  TrainingState state(JsonNode tree, JsonNode inputs, double bestQuality, long bestStep) {
    return new TrainingState(
        step,
        tree,
        inputs,
        bestQuality,
        bestStep,
        weights(),
        optimiser.state(),
        ema == null ? Map.of() : ema.values());
  }
}
