package org.spike2former.model;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.PreparedImage;
import org.spike2former.data.Preprocessing;
import org.spike2former.model.Spike2Former.Prediction;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.io.FormatException;

/**
 * Segments images with the model of a folder:
 *
 * <pre>
 *   Segmenter segmenter = Segmenter.load(Path.of("models/camvid-small"));
 *   Segmentation result = segmenter.segment(ImageIO.read(photo));
 *   ImageIO.write(result.overlay(), "png", file);
 * </pre>
 *
 * <p>One image at a time; not for use by several callers at once.
 */
public final class Segmenter implements AutoCloseable {
  private final Spike2Former network;
  private final Preprocessing preprocessing;
  private final ClassTable classes;
  private final Workers workers;
  private final Ops ops;

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
  }

  /**
   * A segmenter of a network in memory, whose weights must not change while it is in use.
   *
   * @param workers that {@code ops} compute with; {@link #close} ends them
   */
  public static Segmenter of(
      Spike2Former network,
      Preprocessing preprocessing,
      ClassTable classes,
      Workers workers,
      Ops ops) {
    return new Segmenter(network, preprocessing, classes, workers, ops);
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
    Spike2Former network = ModelFolder.load(folder, options.allowMissing());
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
      Ops ops = Backends.createForColdStart(options.backend(), options.precision(), workers);
      return new Segmenter(network, preprocessing, classes, workers, ops);
    } catch (RuntimeException e) {
      workers.close();
      throw e;
    }
  }

  /** Class names and colours. */
  public ClassTable classes() {
    return classes;
  }

  /** The backend, precision and threads in use. */
  public String describe() {
    return ops.describe();
  }

  /**
   * Segments an image of any size.
   *
   * @throws IllegalArgumentException if it is too small or too narrow
   */
  public Segmentation segment(BufferedImage image) {
    return segment(image, false);
  }

  /** As {@link #segment}, and keeps the logits, which take memory: pixels × classes. */
  public Segmentation segmentWithLogits(BufferedImage image) {
    return segment(image, true);
  }

  private Segmentation segment(BufferedImage image, boolean keepLogits) {
    PreparedImage prepared = preprocessing.prepare(image);
    int h = prepared.height();
    int w = prepared.width();
    Tensor input =
        ops.realType() == DType.F32
            ? Tensor.of(prepared.floats(), 1, h, w, 3)
            : Tensor.of(prepared.doubles(), 1, h, w, 3);
    ops.beginRun(true);
    Prediction prediction = network.predict(ops, input);
    Tensor logits = null;
    Tensor labels;
    if (!keepLogits && h == prepared.originalHeight() && w == prepared.originalWidth()) {
      labels = network.semanticLabels(ops, prediction, 1, h, w);
    } else {
      Tensor padded = network.semanticLogits(ops, prediction, 1, h, w);
      logits = crop(padded, prepared.contentHeight(), prepared.contentWidth());
      labels = ops.labels(logits, prepared.originalHeight(), prepared.originalWidth());
    }
    // Storage of the operations' results is theirs.
    LabelMap map =
        new LabelMap(prepared.originalHeight(), prepared.originalWidth(), labels.bytes().clone());
    return new Segmentation(image, map, classes, keepLogits ? logits.copy() : null);
  }

  /**
   * The upper left part of logits [1, H, W, K]: crops rows, then columns as rows of a transpose.
   */
  private Tensor crop(Tensor logits, int height, int width) {
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

  @Override
  public void close() {
    workers.close();
  }
}
