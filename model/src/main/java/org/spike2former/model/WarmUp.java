package org.spike2former.model;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.ModelConfig.BackboneConfig;
import org.spike2former.model.network.ModelConfig.HeadConfig;
import org.spike2former.model.network.ModelConfig.NeckConfig;
import org.spike2former.model.network.ModelConfig.PixelDecoderConfig;
import org.spike2former.model.network.ModelConfig.TransformerDecoderConfig;
import org.spike2former.model.network.Network;
import org.spike2former.model.network.NetworkCost;
import org.spike2former.snn.energy.LayerCost;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

/**
 * Runs a small network of the same kind in a thread of its own, so that the JVM compiles the vector
 * kernels while the weights are read and the first image is decoded. Until they are compiled they
 * are a hundred times slower, and a process that segments one image would be over before.
 *
 * <p>Whatever happens to it, the segmenter is none the worse: it only starts more slowly.
 */
final class WarmUp implements AutoCloseable {
  /** System property of whether to do so; with the JVM's own thresholds it gains little. */
  static final String PROPERTY = "s2f.warm-up";

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** So small that threads compile nearly all the time, and compute hardly ever. */
  private static final int SIDE = 32;

  private static final int RUNS = 6;

  /** Side of the image that is to be expected where no rule says it. */
  private static final int USUAL_SIDE = 512;

  private final ModelConfig config;
  private final SegmenterOptions options;
  private final Thread thread;
  private volatile boolean ended;

  private WarmUp(ModelConfig config, SegmenterOptions options) {
    this.config = config;
    this.options = options;
    thread = new Thread(this::run, "s2f-warm-up");
    thread.setDaemon(true);
  }

  /**
   * Starts, if the system property says so and vector kernels are worth compiling for one image.
   *
   * @return null if not
   */
  static WarmUp start(ModelConfig config, Preprocessing preprocessing, SegmenterOptions options) {
    if (!Boolean.getBoolean(PROPERTY)
        || !Backends.isVector(options.backend())
        || options.arithmetic() != Arithmetic.PLAIN
        || options.precision() != Precision.F32
        || !pays(config, preprocessing.resize())) {
      return null;
    }
    WarmUp warmUp = new WarmUp(config, options);
    warmUp.thread.start();
    return warmUp;
  }

  /** Whether the image takes longer than scalar kernels should compute. */
  private static boolean pays(ModelConfig config, ResizeRule rule) {
    int side = rule == null ? USUAL_SIDE : rule.shortestEdge();
    return NetworkCost.ofInference(config, side, side).stream().mapToLong(LayerCost::macs).sum()
        > Backends.FIRST_WORK;
  }

  /** Ends it before its next operation, and waits for that. */
  @Override
  public void close() {
    ended = true;
    Workers.await(thread);
  }

  private void run() {
    try {
      compute();
    } catch (CancellationException _) {
      // The segmenter was closed.
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.debug("no warm-up", e);
    }
  }

  private void compute() {
    Network network = Network.of(small());
    Initialiser.fill(network.parameters(), 0);
    float[] image = new float[SIDE * SIDE * 3];
    SplittableRandom random = new SplittableRandom(0);
    for (int i = 0; i < image.length; i++) {
      image[i] = (float) random.nextGaussian();
    }
    Tensor x = Tensor.of(image, 1, SIDE, SIDE, 3);
    try (Workers workers = new Workers(1)) {
      workers.checkBefore(this::checkNotEnded);
      Ops ops = Backends.create(options.backend(), options.precision(), options.weights(), workers);
      NetworkRuns runs = new NetworkRuns(network, ops);
      for (int i = 0; i < RUNS; i++) {
        runs.labels(x);
      }
      runs.close();
    }
  }

  private void checkNotEnded() {
    if (ended) {
      throw new CancellationException();
    }
  }

  /** A network with layers of every kind, whose panels of columns have every width. */
  private ModelConfig small() {
    BackboneConfig b = config.backbone();
    BackboneConfig backbone =
        new BackboneConfig(
            b.type(), List.of(32, 64, 128, 160), 8, b.mlpRatio(), b.timeSteps(), b.neuron());
    HeadConfig head = config.head();
    if (head.type() == HeadConfig.Type.FPN) {
      return new ModelConfig(
          backbone,
          new NeckConfig(config.neck().type(), 64, config.neck().neuron()),
          new HeadConfig(head.type(), 11, null, 64, head.strides(), head.neuron()));
    }
    return new ModelConfig(
        backbone,
        new PixelDecoderConfig(64, 1, 8, config.pixelDecoder().dwKernel(), 128),
        new TransformerDecoderConfig(1, 4, 128, 20),
        new HeadConfig(11, head.alpha(), head.neuron()));
  }
}
