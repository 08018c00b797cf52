package org.spike2former.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.image.PreparedImage;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.model.network.Network;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Program;
import org.spike2former.tensor.Tensor;

/**
 * A network and one image: what {@code Segmenter} computes, from the normalised image to the label
 * map, without decoding and drawing.
 */
final class Workload {
  private final Network network;
  private final Tensor image;

  private Workload(Network network, Tensor image) {
    this.network = network;
    this.image = image;
  }

  /**
   * Reads a model folder and an image.
   *
   * @throws IOException naming the file that is missing or wrong
   */
  static Workload load(Path modelFolder, Path imageFile) throws IOException {
    Network network = ModelFolder.load(modelFolder, false);
    PreparedImage prepared =
        Preprocessing.read(modelFolder.resolve("preprocess.json"))
            .prepare(ImageFiles.read(imageFile));
    Tensor image = Tensor.of(prepared.floats(), prepared.shape());
    return new Workload(network, image);
  }

  /** Labels [1, H, W] of the image, computed in the real type of {@code ops}. */
  Tensor labels(Ops ops) {
    return Program.runner(ops).run("labels", network::labels, image.to(ops.precision().type()));
  }

  /** Computes the scores and masks of all query states, as PyTorch does unless told otherwise. */
  void allStates(Ops ops) {
    ops.beginRun(false);
    network.trainingOutputs(ops, image.to(ops.precision().type()));
  }

  /** Share of neurons' outputs that are not zero, over the whole network. */
  double density(Ops ops) {
    Counter counter = new Counter(ops);
    labels(counter);
    return (double) counter.fired / counter.all;
  }

  private static final class Counter extends ForwardingOps {
    private long fired;
    private long all;

    Counter(Ops ops) {
      super(ops);
    }

    @Override
    public Tensor observeSpikes(String neuron, Tensor potential, Tensor spikes) {
      for (byte k : spikes.bytes()) {
        fired += k == 0 ? 0 : 1;
      }
      all += spikes.size();
      return spikes;
    }
  }
}
