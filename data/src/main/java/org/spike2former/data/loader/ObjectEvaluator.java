package org.spike2former.data.loader;

import java.awt.image.BufferedImage;
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

/** Finds segments or instances in the images of a data set, at their own size, and judges them. */
public final class ObjectEvaluator {
  private ObjectEvaluator() {}

  /** An image and the things in it. */
  private record Things(Sample sample, List<Truth> truths) {}

  /**
   * Panoptic quality.
   *
   * @param predictor gives the segments of an image, of its size
   * @throws IllegalArgumentException if the data set does not tell things apart
   */
  public static EvaluationPass<?, PanopticQuality> quality(
      Dataset dataset, Function<BufferedImage, PanopticMap> predictor, OnBadImage onBadImage) {
    requireSegments(dataset, Task.PANOPTIC);
    return new EvaluationPass<>(
        dataset,
        dataset::read,
        onBadImage,
        () -> new PanopticQuality(dataset.classes().isThing()),
        (i, sample, quality) ->
            quality.add(
                sample.segments(),
                EvaluationPass.predict(dataset, i, () -> predictor.apply(sample.image()))));
  }

  /**
   * Precision of masks.
   *
   * @param predictor gives the instances in an image, with masks of its size
   * @throws IllegalArgumentException if the data set does not tell things apart
   */
  public static EvaluationPass<?, MaskPrecision> precision(
      Dataset dataset, Function<BufferedImage, List<Detection>> predictor, OnBadImage onBadImage) {
    requireSegments(dataset, Task.INSTANCE);
    return new EvaluationPass<>(
        dataset,
        i -> new Things(dataset.read(i), dataset.truths(i)),
        onBadImage,
        () -> new MaskPrecision(dataset.classes().size()),
        (i, things, precision) ->
            precision.add(
                things.truths,
                EvaluationPass.predict(dataset, i, () -> predictor.apply(things.sample.image()))));
  }

  private static void requireSegments(Dataset dataset, Task task) {
    if (dataset.task() == Task.SEMANTIC) {
      throw new IllegalArgumentException(
          dataset.name() + ": task " + Ranges.word(task) + " needs data that tell things apart");
    }
  }
}
