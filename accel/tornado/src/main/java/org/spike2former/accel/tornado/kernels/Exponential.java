package org.spike2former.accel.tornado.kernels;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The exponential function of {@code tensor.cpu.Exp} with its constants, bit for bit; powers of two
 * come from a table, because kernels cannot make a float of bits.
 */
final class Exponential {
  /** Entry of 2⁰ in the table of powers. */
  private static final int ZERO = 127;

  private static final float MIN = -87f;
  private static final float MAX = 88f;
  private static final float ROUND = 0x1.8p23f;
  private static final float LOG2E = 0x1.715476p0f;
  private static final float MINUS_LN2_HI = -0x1.62e4p-1f;
  private static final float MINUS_LN2_LO = -0x1.7f7d1cp-20f;

  private Exponential() {}

  /**
   * {@code exp(x)} for x clamped to −87…88.
   *
   * @param powers {@code powers[n + 127] = 2^n}
   */
  static float exp(float x, FloatArray powers) {
    float clamped = Math.max(MIN, Math.min(MAX, x));
    float n = Fused.multiplyAdd(clamped, LOG2E, ROUND) - ROUND;
    float r = Fused.multiplyAdd(n, MINUS_LN2_HI, clamped);
    r = Fused.multiplyAdd(n, MINUS_LN2_LO, r);
    float sum = (float) (1.0 / 5040);
    sum = Fused.multiplyAdd(sum, r, (float) (1.0 / 720));
    sum = Fused.multiplyAdd(sum, r, (float) (1.0 / 120));
    sum = Fused.multiplyAdd(sum, r, (float) (1.0 / 24));
    sum = Fused.multiplyAdd(sum, r, (float) (1.0 / 6));
    sum = Fused.multiplyAdd(sum, r, 0.5f);
    sum = Fused.multiplyAdd(sum, r, 1f);
    sum = Fused.multiplyAdd(sum, r, 1f);
    return sum * powers.get((int) n + ZERO);
  }

  /** {@code 1/(1 + exp(−x))}. */
  static float sigmoid(float x, FloatArray powers) {
    float e = exp(-x, powers);
    return Quotient.of(1f, 1 + e);
  }
}
