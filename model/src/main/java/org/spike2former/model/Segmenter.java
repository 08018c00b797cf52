package org.spike2former.model;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.dataset.Inference;
import org.spike2former.data.image.PreparedImage;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.model.network.Spike2Former.Prediction;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.snn.spikedriven.DeploymentOps;
import org.spike2former.snn.spikedriven.IntegerOps;
import org.spike2former.snn.spikedriven.OperationCounts;
import org.spike2former.snn.spikedriven.SpikeDrivenOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Program;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.io.FormatException;

/**
 * Segments images with the model of a folder:
 *
 * <pre>
 *   Segmenter segmenter = Segmenter.load(Path.of("models/camvid"));
 *   Segmentation result = segmenter.segment(ImageIO.read(photo));
 *   ImageIO.write(result.overlay(), "png", file);
 * </pre>
 *
 * <p>Threads may share a segmenter: it computes one image at a time, and a call that finds another
 * one in progress waits for it, as {@link #close} does. After {@link #close} there is nothing left
 * to compute with, and such calls throw {@link IllegalStateException}. An image that fails, for
 * want of memory, say, does not harm those after it.
 */
public final class Segmenter implements AutoCloseable {
  private final Spike2Former network;
  private final Preprocessing preprocessing;
  private final ClassTable classes;
  private final Workers workers;
  private final Ops ops;

  /** Held by whoever computes; several runs belong to one image. */
  private final ReentrantLock computing = new ReentrantLock(true);

  private Program.Runner runner;
  private volatile String description;
  private boolean closed;

  private Segmenter(
      Spike2Former network,
      Preprocessing preprocessing,
      ClassTable classes,
      Workers workers,
      Ops ops) {
    this.network = network;
    this.preprocessing = preprocessing;
    this.classes = classes;
    this.workers = workers;
    this.ops = ops;
    this.runner = Program.runner(ops);
    this.description = ops.describe();
  }

  /**
   * Computes with this runner from now on, for one on a device; closing the segmenter closes it, as
   * the next call of this method does.
   *
   * @param name what {@link #describe} says
   * @throws IllegalStateException after {@link #close}
   */
  public void runWith(Program.Runner other, String name) {
    locked(
        () -> {
          runner.close();
          runner = other;
          description = name;
          return null;
        });
  }

  /** Does something as the only one that computes. */
  private <T> T locked(Supplier<T> work) {
    computing.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the segmenter is closed");
      }
      return work.get();
    } finally {
      computing.unlock();
    }
  }

  /**
   * The operations on the CPU, with which a runner may do what its device cannot. They are for one
   * caller at a time, and the segmenter is one.
   */
  public Ops ops() {
    return ops;
  }

  /** Loads a model folder with {@linkplain SegmenterOptions#defaults() default options}. */
  public static Segmenter load(Path folder) throws IOException {
    return load(folder, SegmenterOptions.defaults());
  }

  /**
   * Loads a model folder: {@code model.json}, {@code weights.safetensors} or {@code weights.pth},
   * {@code preprocess.json} and {@code classes.json}.
   *
   * @throws IOException naming the file that is missing or wrong
   * @throws IllegalStateException if the backend cannot be had
   */
  public static Segmenter load(Path folder, SegmenterOptions options) throws IOException {
    Spike2Former network = ModelFolder.load(folder, options.weightsKey(), options.allowMissing());
    Preprocessing preprocessing = Preprocessing.read(ModelFolder.file(folder, "preprocess.json"));
    Path classFile = ModelFolder.file(folder, "classes.json");
    ClassTable classes = ClassTable.read(classFile);
    int expected = network.config().head().classes();
    if (classes.size() != expected) {
      throw new FormatException(
          classFile, "expected " + expected + " classes as model.json, found " + classes.size());
    }
    Workers workers = new Workers(options.threads());
    try {
      Ops cpu =
          Backends.createForColdStart(
              options.backend(), options.precision(), options.weights(), workers);
      Ops ops = withArithmetic(options.arithmetic(), cpu, network.config(), workers);
      return new Segmenter(network, preprocessing, classes, workers, ops);
    } catch (RuntimeException | Error e) {
      workers.close();
      throw e;
    }
  }

  /**
   * A segmenter of a network at hand, with the values that its parameters have now; closing it ends
   * its threads alone.
   *
   * @throws IllegalArgumentException if the network tells another number of classes apart
   * @throws IllegalStateException if the backend cannot be had
   */
  public static Segmenter of(
      Spike2Former network,
      Preprocessing preprocessing,
      ClassTable classes,
      SegmenterOptions options) {
    int expected = network.config().head().classes();
    if (classes.size() != expected) {
      throw new IllegalArgumentException(
          "the network has " + expected + " classes, the data " + classes.size());
    }
    Workers workers = new Workers(options.threads());
    try {
      Ops cpu = Backends.create(options.backend(), options.precision(), options.weights(), workers);
      Ops ops = withArithmetic(options.arithmetic(), cpu, network.config(), workers);
      return new Segmenter(network, preprocessing, classes, workers, ops);
    } catch (RuntimeException | Error e) {
      workers.close();
      throw e;
    }
  }

  private static Ops withArithmetic(
      Arithmetic arithmetic, Ops cpu, ModelConfig config, Workers workers) {
    int backbone = config.backbone().neuron().maxSpikes();
    int maxSpikes = Math.max(backbone, config.head().neuron().maxSpikes());
    return switch (arithmetic) {
      case PLAIN -> cpu;
      case INTEGER -> new IntegerOps(cpu, maxSpikes);
      case SPIKES -> new SpikeDrivenOps(cpu, maxSpikes, workers);
    };
  }

  /** Class names and colours. */
  public ClassTable classes() {
    return classes;
  }

  /** The backend, precision and threads in use. */
  public String describe() {
    return description;
  }

  /**
   * The additions and multiplications that the last run of the network took, whoever asked for it;
   * empty in plain arithmetic, which does not count.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public Optional<OperationCounts> operations() {
    return ops instanceof DeploymentOps counting
        ? Optional.of(locked(() -> counting.counts().copy()))
        : Optional.empty();
  }

  /**
   * Segments an image of any size.
   *
   * @throws IllegalArgumentException if it is too small or too narrow
   * @throws IllegalStateException after {@link #close}
   */
  public Segmentation segment(BufferedImage image) {
    return locked(() -> segment(image, false, preprocessing));
  }

  /** As {@link #segment}, and keeps the logits, which take memory: pixels × classes. */
  public Segmentation segmentWithLogits(BufferedImage image) {
    return locked(() -> segment(image, true, preprocessing));
  }

  private Segmentation segment(BufferedImage image, boolean keepLogits, Preprocessing rules) {
    PreparedImage prepared = rules.prepare(image);
    Tensor logits = null;
    Tensor labels;
    if (keepLogits) {
      logits = logits(prepared).copy();
      labels = ops.labels(logits, prepared.originalHeight(), prepared.originalWidth());
    } else {
      labels = labels(prepared);
    }
    LabelMap map = labelMap(labels);
    return new Segmentation(image, map, classes, logits);
  }

  /**
   * Segments an image of any size, and averages over windows, sizes or mirror images.
   *
   * @throws IllegalArgumentException if it is too small or too narrow
   * @throws IllegalStateException after {@link #close}
   */
  public LabelMap segment(BufferedImage image, Inference inference) {
    return locked(() -> labels(image, inference));
  }

  private LabelMap labels(BufferedImage image, Inference inference) {
    if (!inference.isPlain()) {
      return new AveragedInference(this, preprocessing, inference).labels(image);
    }
    ResizeRule resize = inference.resize();
    return segment(image, false, resize == null ? preprocessing : preprocessing.withResize(resize))
        .labels();
  }

  private Tensor input(PreparedImage prepared) {
    int h = prepared.height();
    int w = prepared.width();
    return ops.precision() == Precision.F32
        ? Tensor.of(prepared.floats(), 1, h, w, 3)
        : Tensor.of(prepared.doubles(), 1, h, w, 3);
  }

  /**
   * The operations that a run asks for after the network's.
   *
   * @param labels whether labels are wanted, not logits
   * @param rows whether there is padding below
   * @param columns whether there is padding on the right
   * @param rescaled whether the labels are of another size than the logits
   */
  private record Kind(boolean labels, boolean rows, boolean columns, boolean rescaled) {
    /** Whether the labels are those of the network's input, pixel for pixel. */
    boolean isDirect() {
      return labels && !rows && !columns && !rescaled;
    }
  }

  /** Labels [1, H, W] at the image's own size; good until the next run. */
  private Tensor labels(PreparedImage prepared) {
    int h = prepared.contentHeight();
    int w = prepared.contentWidth();
    int toHeight = prepared.originalHeight();
    int toWidth = prepared.originalWidth();
    Tensor x = input(prepared);
    boolean rescaled = h != toHeight || w != toWidth;
    Kind kind = new Kind(true, h < x.dim(1), w < x.dim(2), rescaled);
    Program program =
        kind.isDirect()
            ? (o, input) -> network.semanticLabels(o, network.predict(o, input), 1, h, w)
            : (o, input) -> o.labels(logits(o, input, h, w), toHeight, toWidth);
    return runner.run(kind, List.of(h, w, toHeight, toWidth), program, x);
  }

  private Tensor logits(Ops o, Tensor input, int contentHeight, int contentWidth) {
    Prediction prediction = network.predict(o, input);
    Tensor padded = network.semanticLogits(o, prediction, 1, input.dim(1), input.dim(2));
    return crop(o, padded, contentHeight, contentWidth);
  }

  /** Logits [1, H, W, K] without those of the padding; good until the next run. */
  Tensor logits(PreparedImage prepared) {
    return logits(input(prepared), prepared.contentHeight(), prepared.contentWidth());
  }

  /** Logits [1, H, W, K] of a network's input [1, H, W, 3]; good until the next run. */
  Tensor logits(Tensor input) {
    return logits(input, input.dim(1), input.dim(2));
  }

  private Tensor logits(Tensor input, int h, int w) {
    Kind kind = new Kind(false, h < input.dim(1), w < input.dim(2), false);
    return runner.run(kind, List.of(h, w), (o, x) -> logits(o, x, h, w), input);
  }

  /** A copy: storage of the operations' results is theirs. */
  static LabelMap labelMap(Tensor labels) {
    return new LabelMap(labels.dim(1), labels.dim(2), labels.bytes().clone());
  }

  /**
   * The upper left part of logits [1, H, W, K]: crops rows, then columns as rows of a transpose.
   */
  private static Tensor crop(Ops ops, Tensor logits, int height, int width) {
    int classes = logits.dim(3);
    int paddedWidth = logits.dim(2);
    if (logits.dim(1) == height && paddedWidth == width) {
      return logits;
    }
    Tensor rows = ops.slice(logits.reshape(logits.dim(1), paddedWidth, classes), 0, height);
    Tensor columns = ops.transpose(rows.reshape(1, height, paddedWidth * classes));
    Tensor kept = ops.slice(columns.reshape(paddedWidth * classes, height), 0, width * classes);
    return ops.transpose(kept.reshape(1, width * classes, height))
        .reshape(1, height, width, classes);
  }

  /** Ends the threads, once nobody computes any more; the second time it does nothing. */
  @Override
  public void close() {
    computing.lock();
    try {
      if (!closed) {
        closed = true;
        closeAll();
      }
    } finally {
      computing.unlock();
    }
  }

  private void closeAll() {
    try {
      runner.close();
    } finally {
      workers.close();
    }
  }
}
