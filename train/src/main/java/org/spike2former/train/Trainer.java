package org.spike2former.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.spike2former.data.SegmentationMetrics;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.loader.Batch;
import org.spike2former.data.loader.DataLoader;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.io.AtomicFile;
import org.spike2former.tensor.io.FormatException;

/**
 * A training run. It may be stopped or killed at any moment: with {@code resume} it goes on after
 * its last checkpoint and ends with the weights, bit for bit, of the run that was never stopped.
 *
 * <p>In the output folder: {@code config.yaml} (as used), {@code log.jsonl}, {@code loss.png},
 * {@code lr.png} and {@code miou.png}, {@code checkpoints/}, and the model folders {@code best/}
 * (highest mIoU so far) and {@code last/}.
 */
public final class Trainer implements AutoCloseable {
  private final TrainConfig config;
  private final LoopConfig loop;
  private final TrainListener listener;
  private final Path output;
  private final Workers workers;
  private final TrainCheckpoint checkpoints;
  private final ModelExport export;
  private volatile boolean stopRequested;

  private Training training;
  private double bestMeanIou = Double.NaN;
  private long bestStep;
  private long savedStep;
  private boolean canPlot = true;

  /** A run that has not started. */
  public Trainer(TrainConfig config, TrainListener listener) {
    this.config = config;
    this.loop = config.loop();
    this.listener = listener;
    this.output = config.output();
    this.workers = new Workers(loop.threads());
    this.checkpoints = new TrainCheckpoint(output.resolve("checkpoints"), loop.keep());
    this.export =
        new ModelExport(config.model(), config.data().classes(), config.data().preprocessing());
  }

  /** Ends the run after the step that it is in, with a checkpoint. May be called by any thread. */
  public void requestStop() {
    stopRequested = true;
  }

  /**
   * Trains.
   *
   * @param resume whether to go on after the last checkpoint; without one, it starts
   * @throws TrainingException if the loss or the gradient is not finite
   * @throws IOException naming the file that cannot be read or written
   */
  public void run(boolean resume) throws IOException, TrainingException {
    Dataset validation = config.data().dataset(loop.evalSplit());
    validation.begin(config.data().onBadImage());
    TrainerState state = resume ? checkpoints.latest(listener::notice) : null;
    if (!resume && !checkpoints.steps().isEmpty()) {
      throw new FormatException(
          output,
          "already holds a run, at step "
              + checkpoints.steps().getLast()
              + "; go on with --resume, or choose another output");
    }
    Files.createDirectories(output);
    checkpoints.deleteTemporaries();
    training = new Training(config, workers);
    if (state == null) {
      training.start(listener::notice);
      if (resume) {
        listener.notice(output + ": no checkpoint yet; starts at step 0");
      }
    } else {
      restore(state);
    }
    AtomicFile.write(output.resolve("config.yaml"), ConfigTree.write(config.tree()));
    long step = training.step();
    try (TrainLog log = TrainLog.open(output.resolve("log.jsonl"), step);
        DataLoader loader =
            DataLoader.forTraining(
                config.data(), loop.batch(), loop.seed(), step * loop.accumulate())) {
      listener.started(step, loop.iterations(), loop.batch() * loop.accumulate());
      loop(loader, log, validation);
    }
  }

  private void loop(DataLoader loader, TrainLog log, Dataset validation)
      throws IOException, TrainingException {
    while (training.step() < loop.iterations() && !stopRequested) {
      step(loader, log);
      long step = training.step();
      boolean last = step == loop.iterations();
      boolean evaluates = last || loop.evalEvery() > 0 && step % loop.evalEvery() == 0;
      if (evaluates) {
        evaluate(log, validation);
      }
      if (last || stopRequested || step % loop.checkpointEvery() == 0) {
        save();
      }
      if (evaluates || last || stopRequested) {
        plot(log);
      }
    }
    if (training.step() < loop.iterations()) {
      listener.notice(
          "stopped after step "
              + training.step()
              + " of "
              + loop.iterations()
              + "; go on with --resume");
    }
  }

  private void step(DataLoader loader, TrainLog log) throws IOException, TrainingException {
    long start = System.nanoTime();
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < loop.accumulate(); i++) {
      batches.add(loader.next());
    }
    StepReport report = training.step(batches);
    if (!Double.isFinite(report.loss()) || !Double.isFinite(report.gradientNorm())) {
      throw notFinite(report);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    log.add(
        TrainLog.entry(report.step())
            .put("loss", report.loss())
            .put("loss_cls", report.cls())
            .put("loss_mask", report.mask())
            .put("loss_dice", report.dice())
            .put("grad_norm", report.gradientNorm())
            .put("lr", report.learningRate())
            .put("seconds", seconds)
            .put("images_per_second", loop.batch() * loop.accumulate() / seconds));
    listener.step(report);
  }

  private TrainingException notFinite(StepReport report) {
    return new TrainingException(
        String.format(
            Locale.ROOT,
            "step %d: the loss is %s (classes %s, masks %s, dice %s), the gradient's norm %s;"
                + " images %s; %s",
            report.step(),
            report.loss(),
            report.cls(),
            report.mask(),
            report.dice(),
            report.gradientNorm(),
            String.join(", ", report.names()),
            remaining()));
  }

  private String remaining() {
    return savedStep == 0
        ? "there is no checkpoint yet"
        : "the last checkpoint is that of step " + savedStep;
  }

  private void evaluate(TrainLog log, Dataset validation) throws IOException {
    long step = training.step();
    listener.evaluating(step, validation.size());
    long start = System.nanoTime();
    SegmentationMetrics metrics = training.evaluate(validation);
    double meanIou = metrics.meanIou();
    boolean best = Double.isNaN(bestMeanIou) || meanIou > bestMeanIou;
    if (best) {
      bestMeanIou = meanIou;
      bestStep = step;
      export.write(
          output.resolve("best"),
          training.exported(),
          Map.of("step", Long.toString(step), "miou", Double.toString(meanIou)));
    }
    ObjectNode entry =
        TrainLog.entry(step)
            .put("miou", meanIou)
            .put("macc", metrics.mean(SegmentationMetrics.Metric.ACC))
            .put("aacc", metrics.pixelAccuracy())
            .put("best", best)
            .put("seconds", (System.nanoTime() - start) / 1e9);
    log.add(entry);
    listener.evaluated(step, metrics, best);
  }

  private void save() throws IOException {
    long step = training.step();
    try {
      checkpoints.save(training.state(config.tree(), bestMeanIou, bestStep));
      savedStep = step;
      export.write(
          output.resolve("last"), training.exported(), Map.of("step", Long.toString(step)));
    } catch (IOException e) {
      throw new IOException(
          e.getMessage() + "; the run ends after step " + step + ", " + remaining(), e);
    }
  }

  private void plot(TrainLog log) throws IOException {
    if (!canPlot) {
      return;
    }
    try {
      TrainPlots.write(output, log.entries());
    } catch (IllegalStateException e) {
      canPlot = false;
      listener.notice(e.getMessage());
    }
  }

  private void restore(TrainerState state) throws IOException {
    Path file = checkpoints.file(state.step());
    try {
      training.restore(state);
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, "does not fit " + config.file() + ": " + e.getMessage(), e);
    }
    bestMeanIou = state.bestMeanIou();
    bestStep = state.bestStep();
    savedStep = state.step();
    List<String> changed = config.changedSince(state.config());
    if (!changed.isEmpty()) {
      listener.notice("not as before: " + String.join(", ", changed));
    }
    listener.notice("goes on after step " + state.step() + " (" + file + ")");
  }

  /** The weights as they are now, by name; averaged ones where an average is kept. */
  public Map<String, Tensor> weights() {
    return training.exported();
  }

  @Override
  public void close() {
    workers.close();
  }
}
