package org.spike2former.tensor.cpu.kernels;

/**
 * The exponential function from additions and fused multiply-adds alone, so that scalar and vector
 * code give the same bits on every machine: {@code exp(x) = 2^n·exp(r)} with {@code n = rint(x/ln
 * 2)}, {@code |r| ≤ ln 2/2} and a Taylor polynomial, relative error below 1e-7 (float) and 1e-15
 * (double). Arguments are clamped to where the result is a normal number.
 */
public final class Exp {
  /** Least and greatest argument in float32. */
  public static final float MIN_F32 = -87f;

  public static final float MAX_F32 = 88f;

  /** Adding it rounds to an integer, which then stands in the low bits. */
  public static final float ROUND_F32 = 0x1.8p23f;

  public static final float LOG2E_F32 = 0x1.715476p0f;

  /** ln 2 in two parts, the first short enough for an exact product. */
  public static final float LN2_HI_F32 = 0x1.62e4p-1f;

  public static final float LN2_LO_F32 = 0x1.7f7d1cp-20f;

  public static final double MIN_F64 = -708;
  public static final double MAX_F64 = 709;
  public static final double ROUND_F64 = 0x1.8p52;
  public static final double LOG2E_F64 = 0x1.71547652b82fep0;
  public static final double LN2_HI_F64 = 0x1.62e42feep-1;
  public static final double LN2_LO_F64 = 0x1.a39ef35793c76p-33;

  /** Coefficients 1/n!, highest power first. */
  public static final float[] TAYLOR_F32 = new float[8];

  public static final double[] TAYLOR_F64 = new double[14];

  static {
    double term = 1;
    for (int n = 0; n < TAYLOR_F64.length; n++) {
      term = n == 0 ? 1 : term / n;
      TAYLOR_F64[TAYLOR_F64.length - 1 - n] = term;
      if (n < TAYLOR_F32.length) {
        TAYLOR_F32[TAYLOR_F32.length - 1 - n] = (float) term;
      }
    }
  }

  private Exp() {}

  /** {@code exp(x)} for x clamped to −87…88. */
  public static float exp(float x) {
    float clamped = Math.max(MIN_F32, Math.min(MAX_F32, x));
    float rounded = Math.fma(clamped, LOG2E_F32, ROUND_F32);
    float n = rounded - ROUND_F32;
    float r = Math.fma(n, -LN2_LO_F32, Math.fma(n, -LN2_HI_F32, clamped));
    float sum = TAYLOR_F32[0];
    for (int i = 1; i < TAYLOR_F32.length; i++) {
      sum = Math.fma(sum, r, TAYLOR_F32[i]);
    }
    int exponent =
        Float.floatToRawIntBits(rounded) - Float.floatToRawIntBits(ROUND_F32) + 127 << 23;
    return sum * Float.intBitsToFloat(exponent);
  }

  /** {@code exp(x)} for x clamped to −708…709. */
  public static double exp(double x) {
    double clamped = Math.max(MIN_F64, Math.min(MAX_F64, x));
    double rounded = Math.fma(clamped, LOG2E_F64, ROUND_F64);
    double n = rounded - ROUND_F64;
    double r = Math.fma(n, -LN2_LO_F64, Math.fma(n, -LN2_HI_F64, clamped));
    double sum = TAYLOR_F64[0];
    for (int i = 1; i < TAYLOR_F64.length; i++) {
      sum = Math.fma(sum, r, TAYLOR_F64[i]);
    }
    long exponent =
        Double.doubleToRawLongBits(rounded) - Double.doubleToRawLongBits(ROUND_F64) + 1023 << 52;
    return sum * Double.longBitsToDouble(exponent);
  }
}
