package org.spike2former.model;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterators;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Task;
import org.spike2former.data.dataset.Inference;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.image.PreparedImage;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.pixel.FrameImage;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Network;
import org.spike2former.model.network.Spike2Former.Prediction;
import org.spike2former.model.panoptic.Instance;
import org.spike2former.model.panoptic.MaskFrame;
import org.spike2former.model.panoptic.PanopticOptions;
import org.spike2former.model.panoptic.PostProcessing;
import org.spike2former.model.panoptic.QueryMasks;
import org.spike2former.model.panoptic.WideLabels;
import org.spike2former.model.weights.BundledModel;
import org.spike2former.model.weights.Fit;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.snn.spikedriven.DeploymentOps;
import org.spike2former.snn.spikedriven.IntegerOps;
import org.spike2former.snn.spikedriven.OperationCounts;
import org.spike2former.snn.spikedriven.SpikeDrivenOps;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Program;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightType;

/**
 * Segments images with the model of a folder:
 *
 * <pre>
 *   Segmenter segmenter = Segmenter.load(Path.of("models/camvid"));
 *   Segmentation result = segmenter.segment(Path.of("photo.jpg"));
 *   ImageIO.write(result.overlay(), "png", file);
 * </pre>
 *
 * <p>Threads may share a segmenter: it computes one image at a time, with all of its threads, and
 * calls take turns in the order in which they came, as {@link #close} does. So the memory of one
 * image in progress is all that it takes, however many callers there are. A thread that is
 * interrupted stops waiting, or computing within the next operation, with a {@link
 * CancellationException}, and stays interrupted; with {@link SegmenterOptions#timeLimit} a call
 * that takes longer ends in the same way with a {@link TimeLimitException}. After {@link #close}
 * there is nothing left to compute with, and such calls throw {@link IllegalStateException}. An
 * image that fails, for want of memory, say, does not harm those after it.
 *
 * <p>Files and their contents are read as {@link ImageFiles} says: upright, and in the colours that
 * the command sees. {@code ImageIO.read} ignores Exif's orientation and gives null for what it does
 * not know.
 */
public final class Segmenter implements AutoCloseable {
  private final Preprocessing preprocessing;
  private final int timeSteps;
  private final ClassTable classes;
  private final boolean queries;
  private final Set<Task> tasks;
  private final ScoreScale scale;
  private final Workers workers;
  private final NetworkRuns runs;
  private final Turns turns;

  /** Null where nothing is compiled ahead. */
  private final WarmUp warmUp;

  private volatile String description;

  /**
   * Starts the threads.
   *
   * @param cold whether the first image shall not wait for fast code
   * @param warmUp null where nothing is compiled ahead
   */
  private Segmenter(
      Network network,
      Preprocessing preprocessing,
      ClassTable classes,
      SegmenterOptions options,
      boolean cold,
      WarmUp warmUp) {
    int expected = network.config().head().classes();
    if (classes.size() != expected) {
      throw new IllegalArgumentException(
          "the network has " + expected + " classes, the data " + classes.size());
    }
    requireChannels(network.config(), preprocessing);
    this.preprocessing = preprocessing;
    this.timeSteps = network.config().backbone().timeSteps();
    this.classes = classes;
    queries = network.config().queries() > 0;
    tasks = network.config().tasks(classes);
    scale = queries ? ScoreScale.PROPORTIONAL : ScoreScale.LOGARITHMIC;
    this.warmUp = warmUp;
    workers = new Workers(options.threads());
    try {
      Ops ops = ops(network.config(), options, workers, cold);
      runs = new NetworkRuns(network, ops);
      turns = new Turns(workers::checkBefore, options.timeLimit());
      description = ops.describe();
    } catch (RuntimeException | Error e) {
      workers.close();
      throw e;
    }
  }

  private static void requireChannels(ModelConfig config, Preprocessing preprocessing) {
    int expected = config.backbone().inChannels();
    if (preprocessing.channels() != expected) {
      throw new IllegalArgumentException(
          "the network takes images of "
              + expected
              + " channels (backbone.in_channels), the preprocessing is for "
              + preprocessing.channels());
    }
  }

  private static Ops ops(
      ModelConfig config, SegmenterOptions options, Workers workers, boolean cold) {
    Backend backend = options.backend();
    Precision precision = options.precision();
    WeightType weights = options.weights();
    // Additions of spikes do not count as the work after which cold kernels give way.
    boolean staged = cold && options.arithmetic() != Arithmetic.SPIKES;
    Ops cpu =
        staged
            ? Backends.createForColdStart(backend, precision, weights, workers)
            : Backends.create(backend, precision, weights, workers);
    return withArithmetic(options.arithmetic(), cpu, backend, config, workers);
  }

  /**
   * Computes with this runner from now on, for one on a device; closing the segmenter closes it, as
   * the next call of this method does.
   *
   * @param name what {@link #describe} says
   * @throws IllegalStateException after {@link #close}
   */
  public void runWith(Program.Runner other, String name) {
    turns.take(
        () -> {
          runs.runWith(other);
          description = name;
          return null;
        });
  }

  /**
   * The operations on the CPU, with which a runner may do what its device cannot. They are for one
   * caller at a time, and the segmenter is one.
   */
  public Ops ops() {
    return runs.ops();
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
    ModelConfig config = ModelFolder.config(folder);
    Preprocessing preprocessing = Preprocessing.read(ModelFolder.file(folder, "preprocess.json"));
    WarmUp warmUp = WarmUp.start(config, preprocessing, options);
    try {
      return load(folder, config, preprocessing, options, warmUp);
    } catch (IOException | RuntimeException | Error e) {
      if (warmUp != null) {
        warmUp.close();
      }
      throw e;
    }
  }

  private static Segmenter load(
      Path folder,
      ModelConfig config,
      Preprocessing preprocessing,
      SegmenterOptions options,
      WarmUp warmUp)
      throws IOException {
    Network network =
        ModelFolder.loadForInference(
            folder, config, options.weightsKey(), options.fit() == Fit.PARTIAL);
    ClassTable classes = ModelFolder.classes(folder, config);
    return new Segmenter(network, preprocessing, classes, options, warmUp == null, warmUp);
  }

  /**
   * Loads a model that an artifact such as {@code spike2former-model-camvid} brings, with
   * {@linkplain SegmenterOptions#defaults() default options}.
   *
   * @param name such as "camvid"
   * @throws IOException if there is none of that name, with the names of those that are there
   */
  public static Segmenter bundled(String name) throws IOException {
    return bundled(name, SegmenterOptions.defaults());
  }

  /**
   * The same with other options; {@code fit} and {@code weightsKey} do not matter.
   *
   * @throws IOException if there is none of that name, with the names of those that are there
   * @throws IllegalStateException if the backend cannot be had
   */
  public static Segmenter bundled(String name, SegmenterOptions options) throws IOException {
    BundledModel model = BundledModel.find(name);
    return new Segmenter(
        model.network(), model.preprocessing(), model.classes(), options, true, null);
  }

  /**
   * A segmenter of a network at hand, with the values that its parameters have now; closing it ends
   * its threads alone.
   *
   * @throws IllegalArgumentException if the network tells another number of classes apart
   * @throws IllegalStateException if the backend cannot be had
   */
  public static Segmenter of(
      Network network, Preprocessing preprocessing, ClassTable classes, SegmenterOptions options) {
    return new Segmenter(network, preprocessing, classes, options, false, null);
  }

  private static Ops withArithmetic(
      Arithmetic arithmetic, Ops cpu, Backend backend, ModelConfig config, Workers workers) {
    int maxSpikes = config.maxSpikes();
    return switch (arithmetic) {
      case PLAIN -> cpu;
      case INTEGER -> new IntegerOps(cpu, maxSpikes);
      case SPIKES -> new SpikeDrivenOps(cpu, maxSpikes, backend, workers);
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
    return ops() instanceof DeploymentOps counting
        ? Optional.of(turns.take(() -> counting.counts().copy()))
        : Optional.empty();
  }

  /**
   * Segments an image of any size.
   *
   * @param keep what the result shall have beside the labels
   * @throws IllegalArgumentException if it is too small or too narrow
   * @throws IllegalStateException after {@link #close}
   */
  public Segmentation segment(BufferedImage image, Keep... keep) {
    return segment(image, Inference.WHOLE, keep);
  }

  /**
   * Segments the image in a file, or event frames in one that ends in {@code .npy}.
   *
   * @param keep what the result shall have beside the labels
   * @throws IOException naming the file if it cannot be read
   * @throws IllegalArgumentException if the image is too small or too narrow
   * @throws IllegalStateException after {@link #close}
   */
  public Segmentation segment(Path file, Keep... keep) throws IOException {
    return segment(FrameImage.read(file), keep);
  }

  /**
   * Segments the image in the contents of a file.
   *
   * @param keep what the result shall have beside the labels
   * @throws IOException if they cannot be read
   * @throws IllegalArgumentException if the image is too small or too narrow
   * @throws IllegalStateException after {@link #close}
   */
  public Segmentation segment(byte[] file, Keep... keep) throws IOException {
    return segment(ImageFiles.read(file), keep);
  }

  /**
   * Segments the image in a stream, which is read to its end and not closed.
   *
   * @param keep what the result shall have beside the labels
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if the image is too small or too narrow
   * @throws IllegalStateException after {@link #close}
   */
  public Segmentation segment(InputStream file, Keep... keep) throws IOException {
    return segment(ImageFiles.read(file), keep);
  }

  /**
   * Segments an image of any size, and averages over windows, sizes or mirror images.
   *
   * @param keep what the result shall have beside the labels
   * @throws IllegalArgumentException if it is too small or too narrow, or if queries are to be kept
   *     of more than one view
   * @throws UnsupportedOperationException if queries are to be kept of a network that has none
   * @throws IllegalStateException after {@link #close}
   */
  public Segmentation segment(BufferedImage image, Inference inference, Keep... keep) {
    Set<Keep> kept = Set.copyOf(Arrays.asList(keep));
    if (kept.contains(Keep.QUERIES)) {
      requireQueries();
    }
    if (kept.contains(Keep.QUERIES) && !inference.isPlain()) {
      throw new IllegalArgumentException("queries can be kept of a single view only");
    }
    return turns.take(
        () ->
            inference.isPlain() ? plain(image, inference, kept) : averaged(image, inference, kept));
  }

  private Segmentation plain(BufferedImage image, Inference inference, Set<Keep> kept) {
    PreparedImage prepared = prepare(image, inference.resize());
    if (kept.isEmpty() && !classes.isWide()) {
      LabelMap labels = NetworkRuns.labelMap(runs.labels(prepared));
      return new Segmentation(image, labels, classes, null, scale, null);
    }
    QueryMasks masks = null;
    Tensor logits;
    if (kept.contains(Keep.QUERIES)) {
      Prediction found = runs.scoresAndMasks(prepared);
      Prediction own = new Prediction(found.classScores().copy(), found.masks().copy());
      masks = new QueryMasks(own.classScores(), own.masks(), MaskFrame.of(prepared));
      logits = runs.logits(own, prepared);
    } else {
      logits = runs.logits(prepared);
    }
    return segmentation(image, logits, scale, kept, masks);
  }

  private Segmentation averaged(BufferedImage image, Inference inference, Set<Keep> kept) {
    requireSteps(image);
    Tensor scores = new AveragedInference(runs, preprocessing, inference).scores(image);
    return segmentation(
        image, scores, inference.isSingle() ? scale : ScoreScale.PROPORTIONAL, kept, null);
  }

  /** The operations' storage is theirs, so what is kept is a copy. */
  private Segmentation segmentation(
      BufferedImage image, Tensor scores, ScoreScale of, Set<Keep> kept, QueryMasks masks) {
    Tensor logits = kept.contains(Keep.LOGITS) ? scores.copy() : null;
    LabelMap labels = labels(logits == null ? scores : logits, image);
    return new Segmentation(image, labels, classes, logits, of, masks);
  }

  private LabelMap labels(Tensor scores, BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    return classes.isWide()
        ? WideLabels.of(scores, height, width, workers)
        : NetworkRuns.labelMap(ops().labels(scores, height, width));
  }

  /**
   * Segments the images in files, in their order. Results come as they are asked for, one by one,
   * while the next files are read ahead, three at most; so a batch takes no more memory than a few
   * photos, if its results are not kept. A file that fails says so in its item and does not stop
   * those after it. What ends a single call ends the stream too: interruption, the time limit of
   * one image, {@link #close}.
   *
   * @param keep what each result shall have beside the labels
   */
  public Stream<BatchItem> segmentAll(Stream<Path> files, Keep... keep) {
    Iterator<BatchItem.Photo> photos = new PhotoQueue(files.iterator());
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(photos, 0), false)
        .onClose(files::close)
        .map(photo -> photo.segment(this, keep));
  }

  /** What the network can tell apart: without queries, or things among its classes, no things. */
  public Set<Task> tasks() {
    return tasks;
  }

  /** Whether the network has queries, without which it does semantic segmentation alone. */
  public boolean hasQueries() {
    return queries;
  }

  private void requireQueries() {
    if (!queries) {
      throw new UnsupportedOperationException(
          "the network has no queries, so semantic segmentation is all that it can do");
    }
  }

  /** As {@link #panoptic(BufferedImage, PanopticOptions, ResizeRule)} with the usual limits. */
  public PanopticSegmentation panoptic(BufferedImage image) {
    return panoptic(image, PanopticOptions.DEFAULT, null);
  }

  /**
   * The things of an image one by one, and its stuff by class.
   *
   * @param resize the rule for the size that the network sees; null: the model's
   * @throws UnsupportedOperationException if the network has no queries, or the model's classes
   *     name no things
   * @throws IllegalArgumentException if the image is too small or too narrow
   * @throws ArithmeticException if the network's numbers are not finite
   * @throws IllegalStateException after {@link #close}
   */
  public PanopticSegmentation panoptic(
      BufferedImage image, PanopticOptions options, ResizeRule resize) {
    PostProcessing processing = postProcessing(options);
    PanopticMap map = processed(image, resize, processing::panoptic);
    return new PanopticSegmentation(image, map, classes);
  }

  /** As {@link #instances(BufferedImage, PanopticOptions, ResizeRule)} with the usual limits. */
  public InstanceSegmentation instances(BufferedImage image) {
    return instances(image, PanopticOptions.DEFAULT, null);
  }

  /**
   * The things of an image, which may overlap.
   *
   * @param resize the rule for the size that the network sees; null: the model's
   * @throws UnsupportedOperationException if the network has no queries, or the model's classes
   *     name no things
   * @throws IllegalArgumentException if the image is too small or too narrow
   * @throws ArithmeticException if the network's numbers are not finite
   * @throws IllegalStateException after {@link #close}
   */
  public InstanceSegmentation instances(
      BufferedImage image, PanopticOptions options, ResizeRule resize) {
    PostProcessing processing = postProcessing(options);
    List<Instance> instances = processed(image, resize, processing::instances);
    return new InstanceSegmentation(image, instances, classes);
  }

  /** What is made of class scores and masks. */
  @FunctionalInterface
  private interface Rules<T> {
    T apply(Tensor classScores, Tensor masks, MaskFrame frame);
  }

  private <T> T processed(BufferedImage image, ResizeRule resize, Rules<T> rules) {
    return turns.take(
        () -> {
          PreparedImage prepared = prepare(image, resize);
          Prediction found = runs.scoresAndMasks(prepared);
          return rules.apply(found.classScores(), found.masks(), MaskFrame.of(prepared));
        });
  }

  private PreparedImage prepare(BufferedImage image, ResizeRule resize) {
    requireSteps(image);
    return (resize == null ? preprocessing : preprocessing.withResize(resize)).prepare(image);
  }

  /** One frame is shown at every time step, and several are shown one after another. */
  private void requireSteps(BufferedImage image) {
    int steps = image instanceof FrameImage framed ? framed.frames().steps() : 1;
    if (preprocessing.framed() && steps != 1 && steps != timeSteps) {
      throw new IllegalArgumentException(
          steps + " event frames, where the model has " + timeSteps + " time steps");
    }
  }

  private PostProcessing postProcessing(PanopticOptions options) {
    requireQueries();
    if (classes.things() == 0) {
      throw new UnsupportedOperationException(
          "the model's classes name no things, so semantic segmentation is all that it can do");
    }
    return new PostProcessing(classes.things(), options, workers);
  }

  /** Ends the threads once no computation is running; calling it again does nothing. */
  @Override
  public void close() {
    turns.end(this::closeAll);
  }

  private void closeAll() {
    try {
      runs.close();
    } finally {
      workers.close();
      if (warmUp != null) {
        warmUp.close();
      }
    }
  }
}
