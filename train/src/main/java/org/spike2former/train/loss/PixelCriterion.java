package org.spike2former.train.loss;

import java.util.List;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

/**
 * The objective of an FPN ({@code model.md} section 12): the logits are resized to the size of the
 * labels, and the cross-entropies of the pixels summed and divided by the number of all pixels.
 * Those without a class have none, but count in that number, as in the release.
 *
 * <p>Of {@link CriterionConfig} the weight of the classification loss and the scale count. Elements
 * are computed in the precision of the logits, sums over pixels in double. The bits do not depend
 * on the number of threads.
 */
public final class PixelCriterion implements Objective {
  private final int classes;
  private final int ignoreLabel;
  private final CriterionConfig config;
  private final Workers workers;

  /**
   * A criterion that computes on these threads.
   *
   * @param classes K, 1 to 254
   * @param ignoreLabel pixels with this label are of no class
   * @throws IllegalArgumentException if these are out of range
   */
  public PixelCriterion(int classes, int ignoreLabel, CriterionConfig config, Workers workers) {
    Objective.requireLabels(classes, ignoreLabel);
    this.classes = classes;
    this.ignoreLabel = ignoreLabel;
    this.config = config;
    this.workers = workers;
  }

  /** Of logits [B, h, w, K] alone, against {@link GroundTruth.Semantic}. */
  @Override
  public Losses evaluate(List<Tensor> outputs, GroundTruth truth) {
    if (!(truth instanceof GroundTruth.Semantic(Tensor labels))) {
      throw new IllegalArgumentException("criterion: pixels have classes, not segments");
    }
    return evaluate(outputs.getFirst(), labels);
  }

  /**
   * Loss and gradient.
   *
   * @param logits [B, h, w, K], real
   * @param labels [B, H, W], of type {@link DType#LABELS}
   * @throws ShapeException if shapes or types do not fit each other
   * @throws IllegalArgumentException for a label that is neither a class nor the ignored one
   * @throws ArithmeticException if the loss is not finite
   */
  public Losses evaluate(Tensor logits, Tensor labels) {
    if (logits.rank() != 4 || !logits.dtype().isReal()) {
      throw new ShapeException(
          "criterion: expected real logits [B, h, w, K], found " + Shape.toString(logits.shape()));
    }
    int[] expected = {labels.dim(0), logits.dim(1), logits.dim(2), classes};
    Shape.require("logits", expected, logits.shape());
    Targets.requireLabels(labels, classes, ignoreLabel);
    Losses losses =
        logits.dtype() == DType.F32
            ? new PixelLossF32(config, ignoreLabel, workers).evaluate(logits, labels)
            : new PixelLossF64(config, ignoreLabel, workers).evaluate(logits, labels);
    if (!Double.isFinite(losses.total())) {
      throw new ArithmeticException("criterion: the logits are not finite");
    }
    return losses;
  }
}
