package org.spike2former.tensor;

import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Derivatives of the operations of {@link Ops}, and the forward of what training does differently.
 * Real tensors have the type {@link Ops#precision()} of the operations that they go with.
 *
 * <p>"Gradient" is that of the loss with respect to an operation's output; results are gradients
 * with respect to its inputs, of their shapes. A gradient of spikes is with respect to the numbers
 * they stand for, k·scale. Where {@code overwrite} is true, the result may take the gradient's
 * storage. Weights and norms are read as they are at the call, nothing is cached between calls. All
 * methods throw {@link ShapeException} for shapes that do not fit.
 */
public interface Derivatives {
  /**
   * Mean and biased variance of each channel, [C].
   *
   * @param mean over all axes but the last
   * @param variance the mean square distance from it
   */
  record Moments(Tensor mean, Tensor variance) {}

  /**
   * The neuron without memory after a norm.
   *
   * @param maxSpikes D
   * @param scale what one spike stands for
   */
  record Firing(int maxSpikes, double scale) {}

  /**
   * Gradients of a BatchNorm.
   *
   * @param input of x's shape, or null where it was not wanted
   * @param weight [C], of γ
   * @param bias [C], of β
   */
  record NormGradient(Tensor input, Tensor weight, Tensor bias) {}

  /** Gradients of attention's inputs, real. */
  record AttentionGradient(Tensor query, Tensor key, Tensor value) {}

  /** Gradients of the inputs of deformable sampling, real. */
  record SampleGradient(Tensor value, Tensor offset, Tensor mask) {}

  /** {@code W·x + b} of the bare layer, its norms left out; order as {@link Ops#layer}. */
  Tensor linear(Tensor x, WeightLayer layer);

  /** Gradient of x in {@link #linear}, real. */
  Tensor linearInput(Tensor gradient, WeightLayer layer, int... inputShape);

  /** Gradient of the weight in {@link #linear}, in PyTorch's layout. */
  Tensor linearWeight(Tensor gradient, Tensor x, WeightLayer layer);

  /** [C]: the sum over all axes but the last. */
  Tensor sumRows(Tensor x);

  /** Statistics of a batch over all axes but the last. */
  Moments moments(Tensor x);

  /** {@code (x − mean)/√(variance + eps)·γ + β} as one fused multiply-add of factor and shift. */
  Tensor normalise(Tensor x, Moments moments, BatchNorm norm);

  /** {@link #normalise} and {@link Ops#spikes}. */
  Tensor normalise(Tensor x, Moments moments, BatchNorm norm, Firing firing);

  /** {@code residual + normalise(x)}, of the residual's shape. */
  Tensor addNormalised(Tensor residual, Tensor x, Moments moments, BatchNorm norm);

  /**
   * Backward of {@link #normalise}.
   *
   * @param x what the norm read
   * @param moments what it normalised with
   * @param firing the neuron after it, whose spikes' gradient is given; null for none
   * @param batchStatistics whether the moments are those of x and pass gradients on, or constants
   * @param inputWanted whether the gradient of x is needed
   */
  NormGradient normalise(
      Tensor gradient,
      Tensor x,
      Moments moments,
      BatchNorm norm,
      Firing firing,
      boolean batchStatistics,
      boolean inputWanted,
      boolean overwrite);

  /**
   * Straight-through estimate for {@link Ops#spikes}: gradient·scale where {@code 0 ≤ x ≤ D}, else
   * 0.
   */
  Tensor spikes(Tensor gradient, Tensor x, Firing firing, boolean overwrite);

  /**
   * Straight-through estimate for {@link Ops#fire} by a rectangular window of width 1:
   * gradient·scale where {@code |x − threshold| ≤ ½}, else 0.
   */
  Tensor fire(Tensor gradient, Tensor x, double threshold, double scale);

  /** Backward of {@link Ops#attention}. */
  AttentionGradient attention(
      Tensor gradient, Tensor q, Tensor k, Tensor v, int heads, double scale);

  /** Backward of {@link Ops#deformSample}. */
  SampleGradient deformSample(Tensor gradient, Tensor v, Tensor offset, Tensor mask, int groups);

  /** Backward of {@link Ops#resizeBilinear}. */
  Tensor resizeBilinear(Tensor gradient, int... inputShape);

  /** Backward of {@link Ops#resizeNearest}. */
  Tensor resizeNearest(Tensor gradient, int... inputShape);

  /** Backward of {@link Ops#padWithShift}: the map without its ring. */
  Tensor crop(Tensor gradient);

  /** {@code gradient·y·(1 − y)}, y being the sigmoid. */
  Tensor sigmoid(Tensor gradient, Tensor y);

  /** {@code y·(gradient − Σ gradient·y)}, y being the softmax over the last axis. */
  Tensor softmax(Tensor gradient, Tensor y);

  /** {@code gradient·table}, the table's shape being the last axes or [1]. */
  Tensor scale(Tensor gradient, Tensor table);

  /** Gradient of gamma in {@link Ops#addScaled}: the sum of gradient·y, of gamma's shape. */
  Tensor scaleWeight(Tensor gradient, Tensor y, int... gammaShape);

  /** Gradient of b in {@link Ops#product}: {@code Σ_i gradient[n, i, j]·a[n, i, c]}. */
  Tensor productRight(Tensor gradient, Tensor a);

  /** Backward of {@link Ops#meanTime}. */
  Tensor meanTime(Tensor gradient, int groups, int timeSteps);

  /** {@code target += x}, in target's storage; equal sizes. */
  void accumulate(Tensor target, Tensor x);

  /** Adds x to the elements of target that begin at row {@code from} of its first axis. */
  void accumulateRows(Tensor target, int from, Tensor x);

  /** Zeros of the real type. */
  Tensor zeros(int... shape);

  /** x has no more readers; its storage may be reused at once. */
  void release(Tensor x);

  /** x is read in later runs too; its storage is not used again. */
  void keep(Tensor x);
}
