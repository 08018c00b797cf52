package org.spike2former.tensor.autograd;

import java.util.function.IntToDoubleFunction;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Derivatives.Moments;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;

/**
 * What a BatchNorm took from a batch, and what that does to its buffers, as PyTorch does it.
 *
 * @param norm the BatchNorm
 * @param moments mean and variance of each channel
 * @param rows values that each channel's moments are of, at least 2
 */
public record BatchStatistics(BatchNorm norm, Moments moments, int rows) {
  /**
   * Moves the running statistics by {@link BatchNorm#MOMENTUM} towards the batch's, the variance
   * unbiased, and counts the batch. The buffers get new values of type {@code real}; the tensors
   * that they had stay as they are.
   */
  public void update(DType real) {
    double unbiased = (double) rows / (rows - 1);
    move(norm.runningMean(), c -> moments.mean().get(c), real);
    move(norm.runningVar(), c -> moments.variance().get(c) * unbiased, real);
    Parameter count = norm.batchCount();
    if (count != null) {
      double seen = count.isSet() ? count.value().get(0) : 0;
      count.set(Tensor.of(new double[] {seen + 1}, count.shape()));
    }
  }

  private static void move(Parameter buffer, IntToDoubleFunction batch, DType real) {
    double[] moved = new double[buffer.size()];
    for (int c = 0; c < moved.length; c++) {
      double old = buffer.value().get(c);
      moved[c] = (1 - BatchNorm.MOMENTUM) * old + BatchNorm.MOMENTUM * batch.applyAsDouble(c);
    }
    buffer.set(Tensor.of(moved, buffer.shape()).to(real));
  }
}
