package org.spike2former.train.loss;

import java.util.List;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

/** What training minimises. */
public sealed interface Objective permits Criterion, PixelCriterion {
  /**
   * The objective of a network's kind of head.
   *
   * @param ignoreLabel pixels with this label are of no class
   * @throws IllegalArgumentException if that is one of the classes, or these are too many
   */
  static Objective of(ModelConfig model, int ignoreLabel, CriterionConfig config, Workers workers) {
    int classes = model.head().classes();
    return switch (model.head().type()) {
      case MASK_EMBEDDING -> new Criterion(classes, ignoreLabel, config, workers);
      case FPN -> new PixelCriterion(classes, ignoreLabel, config, workers);
    };
  }

  /** Refuses numbers that labels of 8 bits do not tell apart. */
  static void requireLabels(int classes, int ignoreLabel) {
    if (classes < 1 || classes > 254) {
      throw new IllegalArgumentException("criterion: expected 1 to 254 classes, found " + classes);
    }
    if (ignoreLabel >= 0 && ignoreLabel < classes) {
      throw new IllegalArgumentException(
          "criterion: the ignored label " + ignoreLabel + " is one of the " + classes + " classes");
    }
  }

  /**
   * Losses and gradients.
   *
   * @param outputs {@code Network.trainingOutputs} of the same images
   * @throws ShapeException if shapes or types do not fit each other
   * @throws IllegalArgumentException for a label that is neither a class nor the ignored one
   * @throws ArithmeticException if the outputs are not finite
   */
  Losses evaluate(List<Tensor> outputs, GroundTruth truth);
}
