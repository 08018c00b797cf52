package org.spike2former.snn.spikedriven;

import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

/**
 * Attention's integer sums before their scale. A neuron that follows compares them with integer
 * thresholds, so that nothing is scaled; reading the tensor as numbers gives {@code sum·scale}.
 */
final class PendingSums extends Pending {
  private final long[] sums;
  private final double scale;
  private final Runnable scaled;

  /**
   * Sums.
   *
   * @param scale above 0
   * @param scaled is told when the sums are scaled after all
   */
  PendingSums(DType real, long[] sums, double scale, Runnable scaled, int... shape) {
    super(real, shape);
    this.sums = sums;
    this.scale = scale;
    this.scaled = scaled;
  }

  @Override
  Tensor compute() {
    scaled.run();
    if (dtype() == DType.F32) {
      float[] out = new float[sums.length];
      for (int i = 0; i < out.length; i++) {
        out[i] = (float) potential(dtype(), sums[i], scale);
      }
      return Tensor.of(out, shape());
    }
    double[] out = new double[sums.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = potential(dtype(), sums[i], scale);
    }
    return Tensor.of(out, shape());
  }

  /** A sum, rounded once to real and multiplied once. */
  private static double potential(DType real, long sum, double scale) {
    return real == DType.F32 ? (float) sum * (float) scale : sum * scale;
  }

  double sumScale() {
    return scale;
  }

  /** The integer neuron: how many of the ascending thresholds each sum reaches. */
  Tensor fire(long[] thresholds, double spikeScale) {
    byte[] fired = new byte[sums.length];
    for (int i = 0; i < fired.length; i++) {
      int k = 0;
      while (k < thresholds.length && sums[i] >= thresholds[k]) {
        k++;
      }
      fired[i] = (byte) k;
    }
    return Tensor.spikes(fired, spikeScale, shape());
  }

  /**
   * The least sums from which {@code rint(clamp(sum·scale, 0, D))} is 1, 2, … D.
   *
   * @param maxSpikes D
   */
  static long[] thresholds(DType real, double scale, int maxSpikes) {
    long[] thresholds = new long[maxSpikes];
    for (int level = 1; level <= maxSpikes; level++) {
      long below = 0;
      long reached = 1L << 52;
      while (reached - below > 1) {
        long middle = (below + reached) / 2;
        if (Math.rint(potential(real, middle, scale)) >= level) {
          reached = middle;
        } else {
          below = middle;
        }
      }
      thresholds[level - 1] = reached;
    }
    return thresholds;
  }
}
