package org.spike2former.cli.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.spike2former.cli.console.Progress;
import org.spike2former.cli.option.ComputeOptions;
import org.spike2former.cli.option.ImageOptions;
import org.spike2former.data.image.PreparedImage;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.loader.ImagePass;
import org.spike2former.data.loader.PassRunner;
import org.spike2former.data.pixel.FrameFile;
import org.spike2former.data.pixel.FrameImage;
import org.spike2former.model.network.Network;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.snn.firing.FiringStatistics;
import org.spike2former.snn.firing.SpikeListener;
import org.spike2former.snn.firing.SpikeTap;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Program;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

/** A model's neurons over a number of images. */
public final class FiringRun implements ImagePass<BufferedImage, FiringTally> {
  /** Told of every image when the network has run. */
  @FunctionalInterface
  public interface ImageListener {
    /**
     * The network has run on image {@code i}.
     *
     * @param fired what was counted in it
     */
    void ran(int i, BufferedImage image, PreparedImage prepared, FiringTally fired)
        throws IOException;
  }

  private final ImageOptions.Selection images;
  private final List<SpikeListener> listeners = new ArrayList<>();
  private final Network network;
  private final Preprocessing preprocessing;
  private final Workers workers;
  private final Ops ops;
  private ImageListener listener = (_, _, _, _) -> {};
  private Program.Runner runner;

  /** Counts the spikes of the image at hand. */
  private FiringStatistics statistics;

  /**
   * Loads a model.
   *
   * @throws IOException naming the file that is missing or wrong
   */
  public FiringRun(
      Path folder, String weightsKey, ComputeOptions compute, ImageOptions.Selection images)
      throws IOException {
    compute.apply();
    this.images = images;
    network = ModelFolder.load(folder, weightsKey, false);
    Preprocessing ofModel = Preprocessing.read(folder.resolve("preprocess.json"));
    preprocessing = images.resize() == null ? ofModel : ofModel.withResize(images.resize());
    workers = new Workers(compute.threads());
    ops = Backends.create(compute.cpuBackend(), Precision.F32, workers);
    listeners.add((neuron, maxSpikes, spikes) -> statistics.fired(neuron, maxSpikes, spikes));
  }

  /** Before it begins: lets one hear the spikes too, and another of every image. */
  public void tell(SpikeListener ofSpikes, ImageListener ofImages) {
    listeners.add(ofSpikes);
    listener = ofImages;
  }

  @Override
  public int size() {
    return images.files().size();
  }

  @Override
  public Path file(int i) {
    return images.files().get(i);
  }

  @Override
  public void begin() {
    runner = Program.runner(new SpikeTap(ops, listeners));
  }

  @Override
  public BufferedImage read(int i) throws IOException {
    return FrameFile.isNamed(file(i)) ? FrameImage.read(file(i)) : images.exif().read(file(i));
  }

  @Override
  public FiringTally compute(int i, Source<BufferedImage> source) throws IOException {
    BufferedImage image = source.get();
    PreparedImage prepared = prepare(preprocessing, image, file(i));
    Tensor input = Tensor.of(prepared.floats(), prepared.shape());
    statistics = new FiringStatistics(workers);
    long start = System.nanoTime();
    runner.run(List.of("network", input.rank()), network::maps, input);
    double seconds = (System.nanoTime() - start) / 1e9;
    FiringTally fired =
        new FiringTally(
            statistics.layers(),
            new FiringTally.Size(prepared.height(), prepared.width()),
            seconds);
    listener.ran(i, image, prepared, fired);
    return fired;
  }

  @Override
  public FiringTally none() {
    return new FiringTally();
  }

  /**
   * Goes through all images.
   *
   * @throws IOException naming the file that cannot be used
   */
  public FiringTally count(PassRunner machines) throws IOException {
    FiringTally all = none();
    try (Progress progress = new Progress("firing", size())) {
      machines.run(
          this,
          (count, part) -> {
            all.add(part);
            for (int i = 0; i < count; i++) {
              progress.step();
            }
          });
    }
    return all;
  }

  /** Prepares an image; an error names its file. */
  public static PreparedImage prepare(Preprocessing rules, BufferedImage image, Path file) {
    try {
      return rules.prepare(image);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /** The network. */
  public Network network() {
    return network;
  }

  /** The backend, precision and threads in use. */
  public String describe() {
    return ops.describe();
  }

  @Override
  public void close() {
    workers.close();
  }
}
