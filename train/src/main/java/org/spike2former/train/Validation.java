package org.spike2former.train;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.spike2former.data.Task;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.data.loader.Evaluator;
import org.spike2former.data.loader.ObjectEvaluator;
import org.spike2former.data.loader.PassRunner;
import org.spike2former.model.Segmenter;
import org.spike2former.model.network.Network;
import org.spike2former.model.panoptic.PanopticOptions;
import org.spike2former.tensor.Tensor;
import org.spike2former.train.config.TrainConfig;

/** Evaluates weights of a run on a data set, as the run's configuration says. */
final class Validation {
  private final TrainConfig config;
  private final DataConfig data;
  private final Dataset dataset;

  Validation(TrainConfig config, Dataset dataset) {
    this.config = config;
    this.data = config.data();
    this.dataset = dataset;
  }

  /**
   * Segments all images.
   *
   * @param weights and buffers by name; they are left as they are
   * @param stop asked after every image whether to break off
   * @return null if it was broken off
   */
  Evaluation run(Map<String, Tensor> weights, BooleanSupplier stop) throws IOException {
    Network network = Network.of(config.model());
    weights.forEach((name, value) -> network.parameters().get(name).set(value));
    Runnable step =
        () -> {
          if (stop.getAsBoolean()) {
            throw new CancellationException();
          }
        };
    try (Segmenter segmenter = config.segmenter(network)) {
      return data.task() == Task.PANOPTIC ? quality(segmenter, step) : metrics(segmenter, step);
    } catch (CancellationException _) {
      return null;
    }
  }

  private Evaluation metrics(Segmenter segmenter, Runnable step) throws IOException {
    return Evaluation.of(
        Evaluator.evaluate(
                dataset,
                image -> segmenter.segment(image, data.inference()).labels(),
                data.onBadImage(),
                (_, _, _) -> step.run())
            .metrics(),
        data.metric());
  }

  private Evaluation quality(Segmenter segmenter, Runnable step) throws IOException {
    ResizeRule resize = data.inference().resize();
    return Evaluation.of(
        ObjectEvaluator.quality(
                dataset,
                image -> segmenter.panoptic(image, PanopticOptions.DEFAULT, resize).map(),
                data.onBadImage())
            .evaluate(PassRunner.LOCAL, step)
            .metric());
  }
}
