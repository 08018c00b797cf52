package org.spike2former.serve.compute;

import org.spike2former.model.Arithmetic;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.layer.WeightType;

/**
 * One of the ways in which a model computes, as the command's options of these names.
 *
 * @param weights float, or 8-bit integers
 * @param arithmetic how weights are applied to spikes
 * @param precision float32 or float64
 */
public record Variant(WeightType weights, Arithmetic arithmetic, Precision precision) {
  /** The network as it is. */
  public static final Variant PLAIN =
      new Variant(WeightType.FLOAT, Arithmetic.PLAIN, Precision.F32);

  /**
   * Checks that there is such a way.
   *
   * @throws IllegalArgumentException for 8-bit weights in another arithmetic or float64
   */
  public Variant {
    boolean usual = arithmetic == Arithmetic.PLAIN && precision == Precision.F32;
    if (weights == WeightType.INT8 && !usual) {
      throw new IllegalArgumentException("int8 weights are for plain arithmetic in f32");
    }
  }

  /** Whether the network's own layers run, whose spikes can be heard. */
  boolean isHeard() {
    return arithmetic == Arithmetic.PLAIN;
  }
}
