package org.spike2former.data.loader;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Sample;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.metric.ConfusionMatrix;
import org.spike2former.data.metric.SegmentationMetrics;

/** Segments the images of a data set in order, at their own size, and counts what was found. */
public final class Evaluator {
  private static final Logger LOG = LoggerFactory.getLogger(Evaluator.class);

  /** What is evaluated. */
  @FunctionalInterface
  public interface Predictor {
    /** The class of every pixel, at the image's size. */
    LabelMap predict(BufferedImage image) throws IOException;
  }

  /** Told of every image. */
  @FunctionalInterface
  public interface Listener {
    /** Image {@code i} of the data set was segmented. */
    void segmented(int i, Sample sample, LabelMap prediction) throws IOException;
  }

  /**
   * The outcome.
   *
   * @param matrix counts over all images
   * @param images how many were segmented
   * @param skipped what was wrong with those that were not
   */
  public record Result(ConfusionMatrix matrix, int images, List<String> skipped) {
    /** The metrics. */
    public SegmentationMetrics metrics() {
      return matrix.metrics();
    }
  }

  private record Read<T>(T value, IOException error) {}

  /** Reads what is wanted of an image. */
  @FunctionalInterface
  interface Reader<T> {
    T read(int i) throws IOException;
  }

  /** Told of every image that was read. */
  @FunctionalInterface
  interface Visitor<T> {
    void visit(int i, T read) throws IOException;
  }

  private Evaluator() {}

  /**
   * Evaluates. Images are read ahead; the predictor and the listener are called on this thread.
   *
   * @param listener may be null
   * @throws IOException naming the file that cannot be used, unless such files are skipped; or if
   *     none can be used
   * @throws IllegalArgumentException naming the image that the predictor cannot take
   */
  public static Result evaluate(
      Dataset dataset, Predictor predictor, OnBadImage onBadImage, Listener listener)
      throws IOException {
    ConfusionMatrix matrix = new ConfusionMatrix(dataset.classes().size());
    List<String> skipped =
        visit(
            dataset,
            dataset::read,
            onBadImage,
            (i, sample) -> {
              LabelMap prediction = predict(predictor, dataset, i, sample);
              matrix.add(prediction, sample.labelMap(), Sample.IGNORE);
              if (listener != null) {
                listener.segmented(i, sample, prediction);
              }
            });
    return new Result(matrix, dataset.size() - skipped.size(), skipped);
  }

  /**
   * Goes through all images in order. They are read ahead; the visitor is called on this thread.
   *
   * @return what was wrong with those that were skipped
   * @throws IOException naming the file that cannot be used, unless such files are skipped; or if
   *     none can be used
   */
  static <T> List<String> visit(
      Dataset dataset, Reader<T> reader, OnBadImage onBadImage, Visitor<T> visitor)
      throws IOException {
    dataset.begin(onBadImage);
    List<String> skipped = new ArrayList<>();
    try (Prefetcher<Read<T>> reads =
        new Prefetcher<>(number -> read(reader, (int) number), 0, dataset.size(), 1, 2)) {
      for (int i = 0; i < dataset.size(); i++) {
        Read<T> read = reads.next();
        if (read.error != null) {
          if (onBadImage == OnBadImage.FAIL) {
            throw read.error;
          }
          LOG.warn("{}; skipped", read.error.getMessage());
          skipped.add(read.error.getMessage());
        } else {
          dataset.warnOfTurned();
          visitor.visit(i, read.value);
        }
      }
    }
    if (skipped.size() == dataset.size()) {
      throw new IOException(
          dataset.name() + ": not one of its images can be used; the first: " + skipped.get(0));
    }
    return skipped;
  }

  private static <T> Read<T> read(Reader<T> reader, int i) {
    try {
      return new Read<>(reader.read(i), null);
    } catch (IOException e) {
      return new Read<>(null, e);
    }
  }

  private static LabelMap predict(Predictor predictor, Dataset dataset, int i, Sample sample)
      throws IOException {
    try {
      return predictor.predict(sample.image());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(dataset.entry(i).image() + ": " + e.getMessage(), e);
    }
  }
}
