package org.spike2former.accel.tornado.kernels;

/**
 * Quotients that are correctly rounded, as the CPU's are, though a device's division may be off by
 * a few units in the last place: corrected by the exact remainder, after P. Markstein, "Computation
 * of elementary functions on the IBM RISC System/6000 processor", IBM J. Res. Dev. 34 (1990).
 */
final class Quotient {
  /** Below it a remainder may be too small for a float; the device's own quotient is taken. */
  private static final float LEAST = 0x1p-100f;

  /** More than any division is off. */
  private static final float ABOVE = 0x1p-21f;

  private Quotient() {}

  /** {@code a / b} for b from 1 to 2¹²⁶. */
  static float of(float a, float b) {
    return correct(a, b, a / b, 1 / b);
  }

  /**
   * A correctly rounded quotient.
   *
   * @param quotient {@code a / b}, up to 3 units in the last place from it
   * @param inverse {@code 1 / b}, as near
   */
  static float correct(float a, float b, float quotient, float inverse) {
    float minusB = -b;
    float y = inverse;
    y = Fused.multiplyAdd(Fused.multiplyAdd(minusB, y, 1f), y, y);
    y = Fused.multiplyAdd(Fused.multiplyAdd(minusB, y, 1f), y, y);
    // From above: from below, 1 over the float before a power of two ends at a tie.
    float q = Fused.multiplyAdd(quotient, ABOVE, quotient);
    q = Fused.multiplyAdd(Fused.multiplyAdd(minusB, q, a), y, q);
    q = Fused.multiplyAdd(Fused.multiplyAdd(minusB, q, a), y, q);
    return Math.max(quotient, -quotient) < LEAST ? quotient : q;
  }
}
