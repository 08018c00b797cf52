package org.spike2former.train.optimiser;

/**
 * The arithmetic of one AdamW step, in either precision.
 *
 * @param gradientFactor factor of gradients
 * @param keep what decay leaves of a weight
 * @param beta1 decay of the mean
 * @param beta2 decay of the mean of squares
 * @param size lr/(1 − β₁ⁿ)
 * @param correction √(1 − β₂ⁿ)
 * @param epsilon added to the denominator
 */
record AdamWUpdate(
    double gradientFactor,
    double keep,
    double beta1,
    double beta2,
    double size,
    double correction,
    double epsilon) {

  void apply(float[] weight, float[] gradient, float[] mean, float[] squares, int from, int to) {
    float factor = (float) gradientFactor;
    float kept = (float) keep;
    float oneMinusBeta1 = (float) (1 - beta1);
    float decay2 = (float) beta2;
    float oneMinusBeta2 = (float) (1 - beta2);
    float negativeSize = (float) -size;
    float root = (float) correction;
    float eps = (float) epsilon;
    for (int i = from; i < to; i++) {
      float g = gradient[i] * factor;
      float m = mean[i] + oneMinusBeta1 * (g - mean[i]);
      float v = squares[i] * decay2 + oneMinusBeta2 * g * g;
      mean[i] = m;
      squares[i] = v;
      float denominator = (float) Math.sqrt(v) / root + eps;
      weight[i] = weight[i] * kept + negativeSize * m / denominator;
    }
  }

  void apply(
      double[] weight, double[] gradient, double[] mean, double[] squares, int from, int to) {
    for (int i = from; i < to; i++) {
      double g = gradient[i] * gradientFactor;
      double m = mean[i] + (1 - beta1) * (g - mean[i]);
      double v = squares[i] * beta2 + (1 - beta2) * g * g;
      mean[i] = m;
      squares[i] = v;
      double denominator = Math.sqrt(v) / correction + epsilon;
      weight[i] = weight[i] * keep + -size * m / denominator;
    }
  }
}
