package org.spike2former.data.loader;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.spike2former.data.Sample;
import org.spike2former.data.Task;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.metric.MaskPrecision;
import org.spike2former.data.metric.MaskPrecision.Detection;
import org.spike2former.data.metric.MaskPrecision.Truth;
import org.spike2former.data.metric.PanopticQuality;
import org.spike2former.data.panoptic.PanopticMap;

/**
 * Finds segments or instances in the images of a data set in order, at their own size, and judges
 * them. Images are read ahead; predictors are called on the caller's thread.
 */
public final class ObjectEvaluator {
  private ObjectEvaluator() {}

  /**
   * The outcome.
   *
   * @param metric over all images
   * @param images how many were segmented
   * @param skipped what was wrong with those that were not
   */
  public record Result<M>(M metric, int images, List<String> skipped) {}

  /** An image and the things in it. */
  private record Things(Sample sample, List<Truth> truths) {}

  /**
   * Panoptic quality.
   *
   * @param predictor gives the segments of an image, of its size
   * @param step called after every image
   * @throws IOException naming the file that cannot be used, unless such files are skipped; or if
   *     none can be used
   * @throws IllegalArgumentException naming the image that the predictor cannot take, or if the
   *     data set does not tell things apart
   */
  public static Result<PanopticQuality> quality(
      Dataset dataset,
      Function<BufferedImage, PanopticMap> predictor,
      OnBadImage onBadImage,
      Runnable step)
      throws IOException {
    requireSegments(dataset, Task.PANOPTIC);
    PanopticQuality quality = new PanopticQuality(dataset.classes().isThing());
    List<String> skipped =
        Evaluator.visit(
            dataset,
            dataset::read,
            onBadImage,
            (i, sample) -> {
              quality.add(sample.segments(), predict(predictor, dataset, i, sample));
              step.run();
            });
    return new Result<>(quality, dataset.size() - skipped.size(), skipped);
  }

  /**
   * Precision of masks.
   *
   * @param predictor gives the instances in an image, with masks of its size
   * @param step called after every image
   * @throws IOException naming the file that cannot be used, unless such files are skipped; or if
   *     none can be used
   * @throws IllegalArgumentException naming the image that the predictor cannot take, or if the
   *     data set does not tell things apart
   */
  public static Result<MaskPrecision> precision(
      Dataset dataset,
      Function<BufferedImage, List<Detection>> predictor,
      OnBadImage onBadImage,
      Runnable step)
      throws IOException {
    requireSegments(dataset, Task.INSTANCE);
    MaskPrecision precision = new MaskPrecision(dataset.classes().size());
    List<String> skipped =
        Evaluator.visit(
            dataset,
            i -> new Things(dataset.read(i), dataset.truths(i)),
            onBadImage,
            (i, things) -> {
              precision.add(things.truths, predict(predictor, dataset, i, things.sample));
              step.run();
            });
    return new Result<>(precision, dataset.size() - skipped.size(), skipped);
  }

  private static void requireSegments(Dataset dataset, Task task) {
    if (dataset.task() == Task.SEMANTIC) {
      throw new IllegalArgumentException(
          dataset.name() + ": task " + Ranges.word(task) + " needs data that tell things apart");
    }
  }

  private static <P> P predict(
      Function<BufferedImage, P> predictor, Dataset dataset, int i, Sample sample) {
    try {
      return predictor.apply(sample.image());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IllegalArgumentException(dataset.entry(i).image() + ": " + e.getMessage(), e);
    }
  }
}
