package org.spike2former.train.loss;

import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

/** Between [N, Q, pixels], as recorded, and [N, pixels, Q]. */
final class Planes {
  private Planes() {}

  /** [N, A, B] to [N, B, A]. */
  static Tensor transpose(Tensor x, int n, int a, int b) {
    Tensor out = Tensor.zeros(x.dtype(), n, b, a);
    for (int i = 0; i < x.size(); i++) {
      int to = i / (a * b) * (a * b) + i % b * a + i / b % a;
      if (x.dtype() == DType.F32) {
        out.floats()[to] = x.floats()[i];
      } else {
        out.doubles()[to] = x.doubles()[i];
      }
    }
    return out;
  }
}
