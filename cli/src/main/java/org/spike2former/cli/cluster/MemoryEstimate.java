package org.spike2former.cli.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.spike2former.accel.MemoryPlan;
import org.spike2former.accel.Plan;
import org.spike2former.data.image.PreparedImage;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.pixel.FrameImage;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.Network;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightType;

/** The memory that an executor needs, about. */
final class MemoryEstimate {
  /** Of a JVM with Spark and our classes, and of what Spark keeps for itself. */
  private static final long BASE = 400L << 20;

  /** A model's files as Spark sends and keeps them, as they are given to us, and as parameters. */
  private static final int MODEL_COPIES = 3;

  private MemoryEstimate() {}

  /**
   * Of running a model on images of this one's size, whole.
   *
   * @param modelBytes of the model's files
   * @return bytes
   * @throws IOException if the image cannot be read
   * @throws IllegalArgumentException if it is too small or too narrow
   */
  static long bytes(Path folder, long modelBytes, Path image) throws IOException {
    Preprocessing rules = Preprocessing.read(ModelFolder.file(folder, "preprocess.json"));
    PreparedImage prepared = rules.prepare(FrameImage.read(image));
    int height = prepared.height();
    int width = prepared.width();
    Network network = Network.of(ModelFolder.config(folder));
    Initialiser.fill(network.parameters(), 0);
    Tensor input = Tensor.of(prepared.floats(), prepared.shape());
    try (Workers workers = new Workers(1)) {
      Ops host = Backends.create(Backend.AUTO, Precision.F32, WeightType.FLOAT, workers);
      Plan plan =
          Plan.of(
              (ops, in) -> network.labels(ops, in.get(0)),
              List.of(input),
              _ -> null,
              host,
              WeightType.FLOAT);
      return BASE + MODEL_COPIES * modelBytes + new MemoryPlan(plan).bytes();
    }
  }
}
