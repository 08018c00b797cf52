package org.spike2former.tensor.layer;

import org.spike2former.tensor.Parameter;

/**
 * Batch normalisation over the channel axis: {@code (x − μ)/√(σ² + eps)·γ + β} with eps 1e-5 and
 * momentum 0.1 ({@code model.md} section 1).
 *
 * @param weight γ, [C]
 * @param bias β, [C]
 * @param runningMean μ, [C]
 * @param runningVar σ², [C]
 * @param batchCount number of batches that the running statistics have seen, a scalar; null where
 *     they are not counted
 */
public record BatchNorm(
    Parameter weight,
    Parameter bias,
    Parameter runningMean,
    Parameter runningVar,
    Parameter batchCount) {
  /** Added to the variance. */
  public static final double EPS = 1e-5;

  /** Share of a new batch in the running statistics. */
  public static final double MOMENTUM = 0.1;

  /** A norm that does not count batches. */
  public BatchNorm(Parameter weight, Parameter bias, Parameter runningMean, Parameter runningVar) {
    this(weight, bias, runningMean, runningVar, null);
  }

  /** Path of the module, for messages. */
  public String name() {
    String name = weight.name();
    return name.endsWith(".weight") ? name.substring(0, name.length() - 7) : name;
  }

  /** Channels C. */
  public int channels() {
    return weight.size();
  }

  /** The factor {@code γ/√(σ² + eps)} of channel {@code c}, from the running statistics. */
  public double factor(int c) {
    return weight.value().get(c) / Math.sqrt(runningVar.value().get(c) + EPS);
  }

  /** The summand {@code β − μ·γ/√(σ² + eps)} of channel {@code c}: what 0 becomes. */
  public double shift(int c) {
    return bias.value().get(c) - runningMean.value().get(c) * factor(c);
  }
}
