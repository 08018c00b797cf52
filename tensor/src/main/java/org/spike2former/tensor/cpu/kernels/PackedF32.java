package org.spike2former.tensor.cpu.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.spike2former.tensor.cpu.vector.VectorPanelsF32;
import org.spike2former.tensor.layer.FoldedLayer;

/**
 * A {@link FoldedLayer} rounded to this precision and laid out as one {@link KernelsF32} wants it.
 *
 * @param depthwise whether output channel c sees input channel c alone
 * @param cin input channels
 * @param cout output channels
 * @param taps window positions, kernel row slower
 * @param weights in the kernels' own order; null where there are panels
 * @param panels weights for matrix products, see {@link VectorPanelsF32}; null where there are
 *     weights, or shorts of which they can be made
 * @param shorts weights as 16-bit numbers, where a layer of integers has them; or null
 * @param bias [cout], possibly padded with zeros at the end
 */
public record PackedF32(
    boolean depthwise,
    int cin,
    int cout,
    int taps,
    float[] weights,
    MemorySegment panels,
    ShortPanels shorts,
    float[] bias) {

  @Override
  public MemorySegment panels() {
    return shorts == null
        ? panels
        : shorts.reals(() -> VectorPanelsF32.of(shorts, taps, cin, cout));
  }

  /** Rounds to this precision, keeping the order of {@link FoldedLayer}. */
  public static PackedF32 plain(FoldedLayer folded) {
    int cout = folded.cout();
    float[] weights = new float[Math.multiplyExact(folded.depth(), cout)];
    double[] row = new double[cout];
    for (int k = 0; k < folded.depth(); k++) {
      folded.row(k, row);
      for (int c = 0; c < cout; c++) {
        weights[k * cout + c] = (float) row[c];
      }
    }
    return new PackedF32(
        folded.depthwise(),
        folded.cin(),
        folded.cout(),
        folded.taps(),
        weights,
        null,
        null,
        bias(folded, folded.cout()));
  }

  /** The bias rounded to this precision, padded with zeros to {@code length}. */
  public static float[] bias(FoldedLayer folded, int length) {
    return Arrays.copyOf(round(folded.cout(), c -> folded.bias()[c]), length);
  }

  /** {@code value(0)…value(length − 1)} rounded to this precision. */
  public static float[] round(int length, IntToDoubleFunction value) {
    float[] out = new float[length];
    for (int i = 0; i < length; i++) {
      out[i] = (float) value.applyAsDouble(i);
    }
    return out;
  }
}
