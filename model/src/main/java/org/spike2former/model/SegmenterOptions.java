package org.spike2former.model;

import org.spike2former.model.weights.ModelWeights;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.layer.WeightType;

/**
 * How a {@link Segmenter} computes.
 *
 * @param backend {@code auto}, {@code vector} or {@code scalar}
 * @param precision float32 or float64
 * @param weights float, or 8-bit integers in float32
 * @param threads number of threads; results do not depend on it
 * @param allowMissing whether a checkpoint may lack names, or have others
 * @param arithmetic how weights are applied to spikes
 * @param weightsKey which of several networks in the weights' file, see {@link ModelWeights#load};
 *     null for the usual choice
 */
public record SegmenterOptions(
    String backend,
    Precision precision,
    WeightType weights,
    int threads,
    boolean allowMissing,
    Arithmetic arithmetic,
    String weightsKey) {
  /** With the usual choice of tensors. */
  public SegmenterOptions(
      String backend,
      Precision precision,
      WeightType weights,
      int threads,
      boolean allowMissing,
      Arithmetic arithmetic) {
    this(backend, precision, weights, threads, allowMissing, arithmetic, null);
  }

  /** With float weights, in {@linkplain Arithmetic#PLAIN plain} arithmetic. */
  public SegmenterOptions(String backend, Precision precision, int threads, boolean allowMissing) {
    this(backend, precision, WeightType.FLOAT, threads, allowMissing, Arithmetic.PLAIN);
  }

  /** The fastest backend in float32 on all processors. */
  public static SegmenterOptions defaults() {
    return new SegmenterOptions(
        "auto", Precision.F32, Runtime.getRuntime().availableProcessors(), false);
  }
}
