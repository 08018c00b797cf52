package org.spike2former.data.loader;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Sample;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.metric.ConfusionMatrix;
import org.spike2former.data.metric.SegmentationMetrics;

/** Segments the images of a data set in order, at their own size, and counts what was found. */
public final class Evaluator {
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
    /** What was counted. */
    public static Result of(SplitTally<ConfusionMatrix> all) {
      return new Result(all.metric(), all.images(), all.skipped());
    }

    /** The metrics. */
    public SegmentationMetrics metrics() {
      return matrix.metrics();
    }
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
    return Result.of(
        pass(dataset, predictor, onBadImage, listener).evaluate(PassRunner.LOCAL, () -> {}));
  }

  /**
   * The work of {@link #evaluate}.
   *
   * @param listener may be null
   */
  public static EvaluationPass<?, ConfusionMatrix> pass(
      Dataset dataset, Predictor predictor, OnBadImage onBadImage, Listener listener) {
    return new EvaluationPass<>(
        dataset,
        dataset::read,
        onBadImage,
        () -> new ConfusionMatrix(dataset.classes().size()),
        (i, sample, matrix) -> {
          LabelMap prediction =
              EvaluationPass.predict(dataset, i, () -> predictor.predict(sample.image()));
          matrix.add(prediction, sample.labelMap(), Sample.IGNORE);
          if (listener != null) {
            listener.segmented(i, sample, prediction);
          }
        });
  }
}
