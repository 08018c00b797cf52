package org.spike2former.tensor.cpu.kernels;

/** {@link LossKernelsF32} element by element: the reference. */
public final class ScalarLossKernelsF32 implements LossKernelsF32 {
  public static final float ALPHA = 0.25f;
  public static final float EPSILON = 1e-12f;

  @Override
  public void focal(
      float[] logits,
      float[] signs,
      int count,
      float[] focal,
      float[] probability,
      float[] gradient,
      float[] slope,
      int base) {
    focal(logits, signs, 0, count, focal, probability, gradient, slope, base);
  }

  /** Elements from…to of a row. */
  public static void focal(
      float[] logits,
      float[] signs,
      int from,
      int to,
      float[] focal,
      float[] probability,
      float[] gradient,
      float[] slope,
      int base) {
    for (int x = from; x < to; x++) {
      boolean inside = signs[x] < 0;
      float y = signs[x] * logits[x];
      float e = Exp.exp(-Math.abs(y));
      float large = 1 / (1 + e);
      float small = e * large;
      float p = y >= 0 ? large : small;
      float other = y >= 0 ? small : large;
      float softplus = Log.log1p(e) + Math.max(y, 0);
      float weight = (inside ? ALPHA : 1 - ALPHA) * p * p;
      focal[x] = weight * softplus;
      gradient[base + x] = signs[x] * weight * (p + 2 * softplus * other);
      slope[base + x] = large * small;
      probability[x] = inside ? other : p;
    }
  }

  @Override
  public void matching(
      float[] logits, int base, float[] sigmoid, float[] negative, float[] positive) {
    matching(logits, base, 0, sigmoid, negative, positive);
  }

  /** Elements from this one on. */
  public static void matching(
      float[] logits, int base, int from, float[] sigmoid, float[] negative, float[] positive) {
    for (int i = from; i < sigmoid.length; i++) {
      float x = logits[base + i];
      float e = Exp.exp(-Math.abs(x));
      float p = (x >= 0 ? 1 : e) / (1 + e);
      float other = 1 - p;
      sigmoid[i] = p;
      negative[i] = Log.log(other + EPSILON) * (ALPHA - 1) * (p * p);
      positive[i] = Log.log(p + EPSILON) * -ALPHA * (other * other);
    }
  }
}
