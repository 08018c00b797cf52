package org.spike2former.tensor.cpu.kernels;

import org.spike2former.tensor.Backend;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.vector.gradient.VectorLossKernelsF32;

/** Inner loops of the training criterion. Implementations give the same bits. */
public interface LossKernelsF32 {
  /** The fastest implementation here, see {@link Backends}. */
  static LossKernelsF32 create() {
    return Backends.isVector(Backend.AUTO)
        ? new VectorLossKernelsF32()
        : new ScalarLossKernelsF32();
  }

  /**
   * Sigmoid focal loss (γ = 2, α = ¼) of a row of logits, and what its and the dice loss's
   * gradients need.
   *
   * <p>With y the logit of the wrong answer ({@code sign·x}) and p its sigmoid, the loss is {@code
   * a·p²·softplus(y)}, a = α inside and 1 − α outside the target, and its derivative by x {@code
   * sign·a·p²·(p + 2·softplus(y)·(1 − p))}.
   *
   * @param logits x, [count]
   * @param signs −1 inside the target, 1 outside, [count]
   * @param focal receives the loss, [count]
   * @param probability receives the sigmoid of x, [count]
   * @param gradient receives the loss's derivative by x, count elements from base
   * @param slope receives the sigmoid's derivative by x, count elements from base
   */
  void focal(
      float[] logits,
      float[] signs,
      int count,
      float[] focal,
      float[] probability,
      float[] gradient,
      float[] slope,
      int base);

  /**
   * Elements of the matching costs: p = sigmoid(x), {@code −log(1 − p + 1e-12)·(1 − α)·p²} and
   * {@code −log(p + 1e-12)·α·(1 − p)²}, in this precision, so that a large x gives the logarithm of
   * 1e-12.
   *
   * @param logits x, as many from base as sigmoid has elements
   */
  void matching(float[] logits, int base, float[] sigmoid, float[] negative, float[] positive);
}
