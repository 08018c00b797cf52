package org.spike2former.tensor.layer;

import org.spike2former.tensor.cpu.kernels.PackedF32;

/**
 * A weight layer with its BatchNorms and the scale of incoming spikes folded in, in float32, for
 * implementations of {@link org.spike2former.tensor.Ops} that compute elsewhere. The numbers are
 * those that the CPU computes with.
 *
 * @param weights dense: [kh·kw][cin][cout]; depthwise: [kh·kw][cout]
 * @param bias [cout]
 */
public record FoldedWeights(float[] weights, float[] bias) {
  /** Folds a layer whose input is spikes of scale {@code inScale}, or real numbers (scale 1). */
  public static FoldedWeights of(WeightLayer layer, double inScale) {
    PackedF32 packed = PackedF32.plain(FoldedLayer.of(layer, inScale));
    return new FoldedWeights(packed.weights(), packed.bias());
  }
}
