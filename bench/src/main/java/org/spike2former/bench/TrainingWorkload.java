package org.spike2former.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.spike2former.data.Sample;
import org.spike2former.model.network.Network;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.autograd.TapeOps;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorFiles;
import org.spike2former.train.TrainingStep;
import org.spike2former.train.loss.CriterionConfig;
import org.spike2former.train.loss.GroundTruth;
import org.spike2former.train.loss.Objective;
import org.spike2former.train.optimiser.AdamW;
import org.spike2former.train.optimiser.AdamWConfig;
import org.spike2former.train.optimiser.GradientClip;

/** The release's training step on one batch, again and again, at the full learning rate. */
final class TrainingWorkload {
  private final TrainingStep step;
  private final String description;
  private final Tensor images;
  private final Tensor labels;
  private double loss;

  private TrainingWorkload(TrainingStep step, String description, Tensor images, Tensor labels) {
    this.step = step;
    this.description = description;
    this.images = images;
    this.labels = labels;
  }

  /**
   * Reads a model folder and a batch: {@code images} [B, 3, H, W], normalised, and {@code labels}
   * [B, H, W], uint8.
   *
   * @param precision what to train in
   * @throws IOException naming the file that is missing or wrong
   */
  static TrainingWorkload load(
      Path modelFolder, Path batch, Precision precision, String backend, Workers workers)
      throws IOException {
    Network network = ModelFolder.load(modelFolder, false);
    TrainingStep.convert(network, precision);
    TapeOps ops = Backends.createForTraining(Backend.of(backend), precision, workers);
    TrainingStep step =
        new TrainingStep(
            network,
            ops,
            Objective.of(network.config(), Sample.IGNORE, CriterionConfig.RELEASE, workers),
            new AdamW(network.parameters(), AdamWConfig.release(1e-3, 0.005), workers),
            new GradientClip(0.01),
            _ -> 1,
            workers);
    try (TensorArchive archive = TensorFiles.open(batch)) {
      Tensor images = archive.read("images");
      Tensor labels = Tensor.labels(archive.readBytes("labels"), archive.shape("labels"));
      return new TrainingWorkload(
          step, ops.describe(), channelsLast(ops, images.to(precision.type())), labels);
    }
  }

  private static Tensor channelsLast(Ops ops, Tensor images) {
    int pixels = images.dim(2) * images.dim(3);
    Tensor planes = images.reshape(images.dim(0), images.dim(1), pixels);
    return ops.transpose(planes)
        .reshape(images.dim(0), images.dim(2), images.dim(3), images.dim(1));
  }

  /** One step. */
  void step() {
    loss = step.accumulate(images, new GroundTruth.Semantic(labels)).total();
    step.update(0);
  }

  /** The last step's loss, before its update. */
  double loss() {
    return loss;
  }

  /** The backend's description. */
  String describe() {
    return description;
  }
}
