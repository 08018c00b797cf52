package org.spike2former.model;

import java.time.Duration;
import org.spike2former.model.weights.Fit;
import org.spike2former.model.weights.ModelWeights;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.layer.WeightType;

/**
 * How a {@link Segmenter} computes:
 *
 * <pre>
 *   SegmenterOptions options = SegmenterOptions.builder().threads(2).weights(WeightType.INT8).build();
 * </pre>
 *
 * @param backend the kernels on the CPU; results do not depend on them
 * @param precision float32 or float64
 * @param weights float, or 8-bit integers in float32
 * @param arithmetic how weights are applied to spikes
 * @param threads number of threads, 1 to 1024; results do not depend on it
 * @param fit whether a checkpoint may lack names, or have others
 * @param weightsKey which of several networks in the weights' file, see {@link ModelWeights#load};
 *     null for the usual choice
 * @param timeLimit how long a call may take, waiting included; null for no limit
 */
public record SegmenterOptions(
    Backend backend,
    Precision precision,
    WeightType weights,
    Arithmetic arithmetic,
    int threads,
    Fit fit,
    String weightsKey,
    Duration timeLimit) {
  /**
   * Checks what nothing else does.
   *
   * @throws IllegalArgumentException for {@link Fit#OTHER_CLASSES}, or a limit that is not above 0
   */
  public SegmenterOptions {
    if (fit == Fit.OTHER_CLASSES) {
      throw new IllegalArgumentException(
          "a network of other classes has to be trained before it segments");
    }
    if (timeLimit != null && !timeLimit.isPositive()) {
      throw new IllegalArgumentException("the time limit must be above 0, found " + timeLimit);
    }
  }

  /** The fastest backend in float32 on all processors. */
  public static SegmenterOptions defaults() {
    return builder().build();
  }

  /** Starts from {@link #defaults()}. */
  public static Builder builder() {
    return new Builder();
  }

  /** Options in the making; each method sets the one of its name. */
  public static final class Builder {
    private Backend backend = Backend.AUTO;
    private Precision precision = Precision.F32;
    private WeightType weights = WeightType.FLOAT;
    private Arithmetic arithmetic = Arithmetic.PLAIN;
    private int threads = Runtime.getRuntime().availableProcessors();
    private Fit fit = Fit.EXACT;
    private String weightsKey;
    private Duration timeLimit;

    private Builder() {}

    /** Default: {@link Backend#AUTO}. */
    public Builder backend(Backend value) {
      backend = value;
      return this;
    }

    /** Default: {@link Precision#F32}. */
    public Builder precision(Precision value) {
      precision = value;
      return this;
    }

    /** Default: {@link WeightType#FLOAT}. */
    public Builder weights(WeightType value) {
      weights = value;
      return this;
    }

    /** Default: {@link Arithmetic#PLAIN}. */
    public Builder arithmetic(Arithmetic value) {
      arithmetic = value;
      return this;
    }

    /** Default: all processors. */
    public Builder threads(int value) {
      threads = value;
      return this;
    }

    /** Default: {@link Fit#EXACT}. */
    public Builder fit(Fit value) {
      fit = value;
      return this;
    }

    /** Default: the usual choice. */
    public Builder weightsKey(String value) {
      weightsKey = value;
      return this;
    }

    /** Default: no limit. */
    public Builder timeLimit(Duration value) {
      timeLimit = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException for {@link Fit#OTHER_CLASSES}, or a limit that is not above
     *     0
     */
    public SegmenterOptions build() {
      return new SegmenterOptions(
          backend, precision, weights, arithmetic, threads, fit, weightsKey, timeLimit);
    }
  }
}
