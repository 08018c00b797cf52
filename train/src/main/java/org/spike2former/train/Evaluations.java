package org.spike2former.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.spike2former.data.Task;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.tensor.Tensor;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.run.ModelExport;
import org.spike2former.train.run.RunFolder;
import org.spike2former.train.run.TrainLog;
import org.spike2former.train.run.TrainPlots;

/**
 * The evaluations of a run: what they find goes into the log, the best model so far into its
 * folder, and the curves are drawn anew.
 */
final class Evaluations {
  private final TrainConfig config;
  private final Dataset dataset;
  private final RunFolder output;
  private final ModelExport export;
  private final TrainListener listener;
  private double bestQuality = Double.NaN;
  private long bestStep;
  private boolean canPlot = true;

  Evaluations(
      TrainConfig config,
      Dataset dataset,
      RunFolder output,
      ModelExport export,
      TrainListener listener) {
    this.config = config;
    this.dataset = dataset;
    this.output = output;
    this.export = export;
    this.listener = listener;
  }

  /** Goes on from a checkpoint. */
  void restore(double quality, long step) {
    bestQuality = quality;
    bestStep = step;
  }

  /** Highest mIoU, mDice or PQ so far; NaN where none had one. */
  double bestQuality() {
    return bestQuality;
  }

  /** The step after which that was. */
  long bestStep() {
    return bestStep;
  }

  /** Takes note of one that is in the log. */
  void note(JsonNode entry, long step) {
    rate(entry.path(Quality.of(config.data()).key()).asDouble(Double.NaN), step);
  }

  /** One where nothing counted is never the best. */
  private boolean rate(double quality, long step) {
    boolean best = quality > bestQuality || Double.isNaN(bestQuality) && !Double.isNaN(quality);
    if (best) {
      bestQuality = quality;
      bestStep = step;
    }
    return best;
  }

  /**
   * Evaluates weights after a step.
   *
   * @param stop asked after every image whether to break off; nothing is noted then
   */
  void run(long step, Map<String, Tensor> weights, TrainLog log, BooleanSupplier stop)
      throws IOException {
    listener.evaluating(step, dataset.size());
    long start = System.nanoTime();
    Evaluation result = new Validation(config, dataset).run(weights, stop);
    if (result == null) {
      return;
    }
    Evaluation.Measure quality = result.quality();
    boolean best = rate(quality.value(), step);
    if (best) {
      export.write(
          output.best(),
          weights,
          Map.of(
              RunFolder.STEP,
              Long.toString(step),
              quality.key(),
              Double.toString(quality.value())));
    }
    ObjectNode entry = TrainLog.entry(step);
    result.measures().forEach(each -> TrainLog.put(entry, each.key(), each.value()));
    entry.put("best", best);
    TrainLog.put(entry, "seconds", (System.nanoTime() - start) / 1e9);
    log.tryAdd(entry, listener::notice);
    log.repair();
    listener.evaluated(step, result, best);
    if (Double.isNaN(quality.value())) {
      listener.notice(
          "warning: no "
              + (config.data().task() == Task.PANOPTIC
                  ? "segment of " + dataset.name() + " counts"
                  : "pixel of " + dataset.name() + " has a class")
              + ", so there is no "
              + quality.name()
              + " and no best model");
    }
  }

  /** Curves are worth a line, but no run. */
  void plot(TrainLog log) {
    if (!canPlot) {
      return;
    }
    try {
      TrainPlots.write(output.path(), log.entries());
    } catch (IOException e) {
      listener.notice("warning: " + e.getMessage());
    } catch (IllegalStateException e) {
      canPlot = false;
      listener.notice(e.getMessage());
    } catch (OutOfMemoryError _) {
      canPlot = false;
      listener.notice("warning: not enough memory to draw the curves");
    }
  }
}
