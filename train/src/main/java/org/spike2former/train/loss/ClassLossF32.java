package org.spike2former.train.loss;

import org.spike2former.tensor.cpu.kernels.Exp;
import org.spike2former.tensor.cpu.kernels.Log;

/** Softmax, cross-entropy and its gradient over K+1 classes, for [.., Q, K+1] scores. */
@SuppressWarnings("cast") // the float64 twin casts double to double
final class ClassLossF32 {
  private final float[] scores;
  private final int width;
  private final float[] probabilities;
  private final double[] logSums;

  /** Takes the softmax over the last axis. */
  ClassLossF32(float[] scores, int width) {
    this.scores = scores;
    this.width = width;
    probabilities = new float[scores.length];
    logSums = new double[scores.length / width];
    for (int row = 0; row < logSums.length; row++) {
      softmax(row);
    }
  }

  private void softmax(int row) {
    int base = row * width;
    float max = scores[base];
    for (int k = 1; k < width; k++) {
      max = Math.max(max, scores[base + k]);
    }
    double sum = 0;
    for (int k = 0; k < width; k++) {
      probabilities[base + k] = Exp.exp(scores[base + k] - max);
      sum += probabilities[base + k];
    }
    for (int k = 0; k < width; k++) {
      probabilities[base + k] = (float) (probabilities[base + k] / sum);
    }
    logSums[row] = max + Log.log(sum);
  }

  /** The softmax, [.., Q, K+1], not a copy. */
  float[] probabilities() {
    return probabilities;
  }

  /** Cross-entropy of a row: minus the logarithm of the label's probability. */
  double crossEntropy(int row, int label) {
    return logSums[row] - scores[row * width + label];
  }

  /** Writes a row's gradient of {@code factor·crossEntropy}. */
  void gradient(int row, int label, double factor, float[] out) {
    for (int k = 0; k < width; k++) {
      float target = k == label ? 1 : 0;
      out[row * width + k] = (float) (factor * (probabilities[row * width + k] - target));
    }
  }
}
