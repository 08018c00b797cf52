package org.spike2former.train.loss;

import java.util.Arrays;
import java.util.List;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.train.Scores;

/**
 * The objective of a network with queries ({@code model.md} section 9): in every state the targets
 * of each image are matched to queries, then a cross-entropy over classes, and a focal and a dice
 * loss over the masks of matched queries, which are upsampled to the size of the labels. It gives
 * the gradients too.
 *
 * <p>Elements are computed in the precision of the scores, sums over pixels in double. The bits do
 * not depend on the number of threads.
 *
 * <p>Targets that exceed the queries stay without one, the costliest of them. An image without any
 * target counts as one mask in the denominators, as in the release; a state without any match has
 * mask losses of 0.
 */
public final class Criterion implements Objective {
  private final int classes;
  private final int ignoreLabel;
  private final CriterionConfig config;
  private final Workers workers;

  /**
   * A criterion that computes on these threads.
   *
   * @param classes K, without "no object", 1 to 254
   * @param ignoreLabel pixels with this label belong to no target
   * @throws IllegalArgumentException if these are out of range
   */
  public Criterion(int classes, int ignoreLabel, CriterionConfig config, Workers workers) {
    Objective.requireLabels(classes, ignoreLabel);
    this.classes = classes;
    this.ignoreLabel = ignoreLabel;
    this.config = config;
    this.workers = workers;
  }

  /** The weights. */
  public CriterionConfig config() {
    return config;
  }

  /** Of class scores and masks. */
  @Override
  public Losses evaluate(List<Tensor> outputs, GroundTruth truth) {
    return evaluate(outputs.get(0), outputs.get(1), truth);
  }

  /**
   * Losses and gradients against classes alone.
   *
   * @param classScores [S·B, Q, K+1], real, states slower than images
   * @param masks logits [S·B, h, w, Q], of the same type
   * @param labels [B, H, W], of type {@link DType#LABELS}
   * @throws ShapeException if shapes or types do not fit each other
   * @throws IllegalArgumentException for a label that is neither a class nor the ignored one
   * @throws ArithmeticException if scores or masks that are to be matched are not finite
   */
  public Losses evaluate(Tensor classScores, Tensor masks, Tensor labels) {
    return evaluate(classScores, masks, new GroundTruth.Semantic(labels));
  }

  /**
   * Losses and gradients.
   *
   * @param classScores [S·B, Q, K+1], real, states slower than images
   * @param masks logits [S·B, h, w, Q], of the same type
   * @throws ShapeException if shapes or types do not fit each other
   * @throws IllegalArgumentException for a label that is neither a class nor the ignored one, or a
   *     segment of no class
   * @throws ArithmeticException if scores or masks that are to be matched are not finite
   */
  public Losses evaluate(Tensor classScores, Tensor masks, GroundTruth truth) {
    Scores scores = Scores.of(classScores, masks, truth.images(), classes);
    Targets[] targets = targets(scores, truth);
    int height = truth.height();
    int width = truth.width();
    return classScores.dtype() == DType.F32
        ? new CriterionF32(config, workers, scores, targets).evaluate(height, width)
        : new CriterionF64(config, workers, scores, targets).evaluate(height, width);
  }

  /**
   * The costs by which queries are matched.
   *
   * @return for each of the S·B rows the costs of its image's targets
   */
  public MatchingCost[] matchingCosts(Tensor classScores, Tensor masks, GroundTruth truth) {
    Scores scores = Scores.of(classScores, masks, truth.images(), classes);
    Targets[] targets = targets(scores, truth);
    return classScores.dtype() == DType.F32
        ? new CriterionF32(config, workers, scores, targets).costs()
        : new CriterionF64(config, workers, scores, targets).costs();
  }

  private Targets[] targets(Scores scores, GroundTruth truth) {
    Targets[] targets = new Targets[scores.images()];
    Arrays.setAll(targets, i -> Targets.of(truth, i, scores.h(), scores.w(), classes, ignoreLabel));
    return targets;
  }
}
