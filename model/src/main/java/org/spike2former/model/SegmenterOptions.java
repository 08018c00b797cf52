package org.spike2former.model;

import org.spike2former.tensor.DType;

/**
 * How a {@link Segmenter} computes.
 *
 * @param backend {@code auto}, {@code vector} or {@code scalar}
 * @param precision float32 or float64
 * @param threads number of threads; results do not depend on it
 * @param allowMissing whether a checkpoint may lack names, or have others
 * @param mode how weights are applied to spikes
 */
public record SegmenterOptions(
    String backend, DType precision, int threads, boolean allowMissing, InferenceMode mode) {
  /** {@linkplain InferenceMode#PLAIN Plain} inference. */
  public SegmenterOptions(String backend, DType precision, int threads, boolean allowMissing) {
    this(backend, precision, threads, allowMissing, InferenceMode.PLAIN);
  }

  /** The fastest backend in float32 on all processors. */
  public static SegmenterOptions defaults() {
    return new SegmenterOptions(
        "auto", DType.F32, Runtime.getRuntime().availableProcessors(), false);
  }
}
