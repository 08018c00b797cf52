package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.Step;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Dense convolutions and linear layers; see {@code Operation.DENSE}. */
final class DenseKernels {
  private DenseKernels() {}

  static Launch launch(String id, Step step, Arrays arrays) {
    throw new IllegalArgumentException("no kernel for " + step);
  }

  /** A linear layer on spikes: rows × cin by cin × cout. */
  static void linear(
      ByteArray x,
      FloatArray weights,
      FloatArray bias,
      FloatArray out,
      int rows,
      int cin,
      int cout) {
    for (@Parallel int co = 0; co < cout; co++) {
      for (@Parallel int p = 0; p < rows; p++) {
        out.set(p * cout + co, linear(x, weights, bias, p, co, cin, cout));
      }
    }
  }

  private static float linear(
      ByteArray x, FloatArray weights, FloatArray bias, int p, int co, int cin, int cout) {
    float sum = bias.get(co);
    for (int ci = 0; ci < cin; ci++) {
      sum = Fused.multiplyAdd(x.get(p * cin + ci), weights.get(ci * cout + co), sum);
    }
    return sum;
  }
}
