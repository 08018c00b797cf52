package org.spike2former.tensor.cpu.kernels;

/**
 * Natural logarithms from additions, fused multiply-adds and one division, the same bits on every
 * machine, as {@link Exp}: {@code log m = 2·artanh((m − 1)/(m + 1))} by its Taylor series. Relative
 * error below 3e-7 (float) and 1e-15 (double).
 */
public final class Log {
  public static final int HALF_ROOT_F32 = Float.floatToRawIntBits(0x1.6a09e6p-1f);
  public static final long HALF_ROOT_F64 = Double.doubleToRawLongBits(0x1.6a09e667f3bcdp-1);

  /** Terms after the first for |s| ≤ 3 − 2√2, as log needs, and for 0 ≤ s ≤ 1/3, as log1p. */
  public static final int SHORT_F32 = 5;

  public static final int LONG_F32 = 8;
  public static final int SHORT_F64 = 11;
  public static final int LONG_F64 = 18;

  /** Coefficients {@code 1/(2n + 1)}, n from 0. */
  public static final double[] ARTANH_F64 = new double[LONG_F64 + 1];

  public static final float[] ARTANH_F32 = new float[LONG_F64 + 1];

  static {
    for (int n = 0; n < ARTANH_F64.length; n++) {
      ARTANH_F64[n] = 1.0 / (2 * n + 1);
      ARTANH_F32[n] = (float) ARTANH_F64[n];
    }
  }

  private Log() {}

  /** {@code ln x} of a positive normal number. */
  public static float log(float x) {
    int above = Float.floatToRawIntBits(x) - HALF_ROOT_F32;
    float exponent = above >> 23;
    float m = Float.intBitsToFloat((above & 0x7fffff) + HALF_ROOT_F32);
    float s = (m - 1) / (m + 1);
    float z = s * s;
    float sum = ARTANH_F32[SHORT_F32];
    for (int n = SHORT_F32 - 1; n > 0; n--) {
      sum = Math.fma(sum, z, ARTANH_F32[n]);
    }
    float tail = Math.fma(exponent, Exp.LN2_LO_F32, 2 * s * z * sum);
    return Math.fma(exponent, Exp.LN2_HI_F32, 2 * s + tail);
  }

  /** {@code ln x} of a positive normal number. */
  public static double log(double x) {
    long above = Double.doubleToRawLongBits(x) - HALF_ROOT_F64;
    double exponent = above >> 52;
    double m = Double.longBitsToDouble((above & 0xfffffffffffffL) + HALF_ROOT_F64);
    double s = (m - 1) / (m + 1);
    double z = s * s;
    double sum = ARTANH_F64[SHORT_F64];
    for (int n = SHORT_F64 - 1; n > 0; n--) {
      sum = Math.fma(sum, z, ARTANH_F64[n]);
    }
    double tail = Math.fma(exponent, Exp.LN2_LO_F64, 2 * s * z * sum);
    return Math.fma(exponent, Exp.LN2_HI_F64, 2 * s + tail);
  }

  /** {@code ln(1 + x)} for 0 ≤ x ≤ 1. */
  public static float log1p(float x) {
    float s = x / (2 + x);
    float z = s * s;
    float sum = ARTANH_F32[LONG_F32];
    for (int n = LONG_F32 - 1; n >= 0; n--) {
      sum = Math.fma(sum, z, ARTANH_F32[n]);
    }
    return 2 * s * sum;
  }

  /** {@code ln(1 + x)} for 0 ≤ x ≤ 1. */
  public static double log1p(double x) {
    double s = x / (2 + x);
    double z = s * s;
    double sum = ARTANH_F64[LONG_F64];
    for (int n = LONG_F64 - 1; n >= 0; n--) {
      sum = Math.fma(sum, z, ARTANH_F64[n]);
    }
    return 2 * s * sum;
  }
}
