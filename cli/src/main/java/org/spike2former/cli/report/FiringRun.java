package org.spike2former.cli.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.spike2former.cli.console.Progress;
import org.spike2former.cli.option.ComputeOptions;
import org.spike2former.cli.option.ImageOptions;
import org.spike2former.data.image.PreparedImage;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.model.network.Spike2Former;
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
public final class FiringRun implements AutoCloseable {
  /** Height and width of a network's input. */
  public record Size(int height, int width) {}

  /** Told of every image when the network has run. */
  @FunctionalInterface
  public interface ImageListener {
    void ran(int i, BufferedImage image, PreparedImage prepared) throws IOException;
  }

  private final Path folder;
  private final Spike2Former network;
  private final Workers workers;
  private final Ops ops;
  private final FiringStatistics statistics;
  private final Map<Size, Integer> sizes = new LinkedHashMap<>();
  private final DescriptiveStatistics seconds = new DescriptiveStatistics();

  public FiringRun(Path folder, String weightsKey, ComputeOptions compute) throws IOException {
    compute.apply();
    this.folder = folder;
    network = ModelFolder.load(folder, weightsKey, false);
    workers = new Workers(compute.threads());
    ops = Backends.create(compute.cpuBackend(), Precision.F32, workers);
    statistics = new FiringStatistics(workers);
  }

  /**
   * Runs the network on each image.
   *
   * @param others hear the spikes too
   * @throws IOException naming the file that cannot be used
   */
  public void run(ImageOptions.Selection images, List<SpikeListener> others, ImageListener listener)
      throws IOException {
    Preprocessing preprocessing = Preprocessing.read(folder.resolve("preprocess.json"));
    if (images.resize() != null) {
      preprocessing = preprocessing.withResize(images.resize());
    }
    List<SpikeListener> listeners = new ArrayList<>(others);
    listeners.add(statistics);
    Program.Runner runner = Program.runner(new SpikeTap(ops, listeners));
    ReadAhead pictures = new ReadAhead(images.files(), images.exif());
    try (Progress progress = new Progress("firing", images.files().size())) {
      for (int i = 0; i < images.files().size(); i++) {
        BufferedImage image = pictures.next();
        PreparedImage prepared = prepare(preprocessing, image, images.files().get(i));
        Tensor input = Tensor.of(prepared.floats(), 1, prepared.height(), prepared.width(), 3);
        long start = System.nanoTime();
        runner.run("network", (o, x) -> network.predict(o, x).masks(), input);
        seconds.addValue((System.nanoTime() - start) / 1e9);
        sizes.merge(new Size(prepared.height(), prepared.width()), 1, Integer::sum);
        listener.ran(i, image, prepared);
        progress.step();
      }
    }
  }

  /** Prepares an image; an error names its file. */
  public static PreparedImage prepare(Preprocessing rules, BufferedImage image, Path file) {
    try {
      return rules.prepare(image);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  public Spike2Former network() {
    return network;
  }

  public FiringStatistics statistics() {
    return statistics;
  }

  /** Number of images of each size. */
  public Map<Size, Integer> sizes() {
    return sizes;
  }

  /** Median time of an image, counting included. */
  public double medianSeconds() {
    return seconds.getPercentile(50);
  }

  public String describe() {
    return ops.describe();
  }

  @Override
  public void close() {
    workers.close();
  }
}
