package org.spike2former.tensor.layer;

import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.PackedF32;

/**
 * A weight layer on spikes with 8-bit weights, and the definition of what it computes. Every device
 * gives the same bits: sums are of integers, and each is followed by one comparison of integers or
 * one correctly rounded operation.
 *
 * <p>With W the weights of output channel c in double, BatchNorms and the scale of incoming spikes
 * folded in, b its folded bias, and k the incoming spikes:
 *
 * <pre>
 *   scale[c]   = (float) (max |W| / 127)
 *   weight     = clamp(rint(W / scale[c]), −127, 127), in double; 0 where scale[c] is 0
 *   bias[c]    = (float) b
 *
 *   sum        = Σ k·weight over the window            int32
 *   potential  = fma((float) sum, scale[c], bias[c])   float32, rounded once
 *   spikes     = #{ j in 1…D : sum ≥ threshold[j − 1, c] }
 * </pre>
 *
 * <p>The potential is the output of a layer that no neuron follows directly. A neuron right after
 * the layer needs none: its {@code rint(clamp(potential, 0, D))} never falls as the sum grows, so D
 * thresholds give the same number (as in FINN, Umuroglu et al., FPGA 2017).
 *
 * <p>As long as spikes are at most {@link #maxSpike}, sums and their parts in any order are at most
 * 2²⁴ in magnitude. So {@code (float) sum} is exact, and adding in float32 gives the same integers.
 *
 * @param name the weight layer's path, for messages
 * @param depthwise whether output channel c sees input channel c alone
 * @param cin input channels
 * @param cout output channels
 * @param taps window positions, kernel row slower
 * @param kernelWidth taps of a kernel row
 * @param weights [taps, cin, cout], or [taps, cout] of a depthwise layer; null where they were left
 *     out
 * @param scale [cout], what a sum of 1 stands for
 * @param bias [cout]
 * @param maxSpike greatest incoming spike, at most 127
 */
public record Int8Layer(
    String name,
    boolean depthwise,
    int cin,
    int cout,
    int taps,
    int kernelWidth,
    byte[] weights,
    float[] scale,
    float[] bias,
    int maxSpike) {
  /** Greatest magnitude of a weight. */
  public static final int MAX_WEIGHT = 127;

  /** Greatest magnitude of a sum: up to here float32 holds every integer. */
  public static final int MAX_SUM = 1 << 24;

  /** A threshold that no sum reaches; float32 holds it too. */
  public static final int NEVER = 2 * MAX_SUM;

  /**
   * Quantises a layer.
   *
   * @param inScale scale of the incoming spikes
   * @throws IllegalArgumentException naming the layer, if a weight or bias is not finite or too
   *     many weights meet in a sum
   */
  public static Int8Layer of(WeightLayer layer, double inScale) {
    FoldedLayer folded = FoldedLayer.of(layer, inScale);
    int cout = folded.cout();
    int depth = folded.depth();
    double[] row = new double[cout];
    double[] greatest = new double[cout];
    for (int k = 0; k < depth; k++) {
      folded.row(k, row);
      for (int c = 0; c < cout; c++) {
        greatest[c] = Math.max(greatest[c], Math.abs(row[c]));
      }
    }
    float[] scale = PackedF32.round(cout, c -> greatest[c] / MAX_WEIGHT);
    float[] bias = PackedF32.round(cout, c -> folded.bias()[c]);
    requireFinite(layer, scale, bias);
    byte[] weights = new byte[Math.multiplyExact(depth, cout)];
    long[] total = new long[cout];
    for (int k = 0; k < depth; k++) {
      folded.row(k, row);
      for (int c = 0; c < cout; c++) {
        weights[k * cout + c] = quantise(row[c], scale[c]);
        total[c] += Math.abs(weights[k * cout + c]);
      }
    }
    return new Int8Layer(
        layer.name(),
        folded.depthwise(),
        folded.cin(),
        cout,
        folded.taps(),
        folded.kernelWidth(),
        weights,
        scale,
        bias,
        maxSpike(layer, total));
  }

  private static void requireFinite(WeightLayer layer, float[] scale, float[] bias) {
    for (int c = 0; c < scale.length; c++) {
      if (!Float.isFinite(scale[c]) || !Float.isFinite(bias[c])) {
        throw new IllegalArgumentException(
            layer.name()
                + ": weights and bias of output channel "
                + c
                + " must be finite in float32 to be quantised, found scale "
                + scale[c]
                + " and bias "
                + bias[c]);
      }
    }
  }

  private static byte quantise(double weight, float scale) {
    if (scale == 0) {
      return 0;
    }
    return (byte) Math.clamp(Math.rint(weight / scale), -MAX_WEIGHT, MAX_WEIGHT);
  }

  private static int maxSpike(WeightLayer layer, long... total) {
    long greatest = 1;
    for (long sum : total) {
      greatest = Math.max(greatest, sum);
    }
    if (greatest > MAX_SUM) {
      throw new IllegalArgumentException(
          layer.name()
              + ": the 8-bit weights of a channel add up to "
              + greatest
              + ", expected at most "
              + MAX_SUM);
    }
    return (int) Math.min(Byte.MAX_VALUE, MAX_SUM / greatest);
  }

  /**
   * The thresholds of a neuron right after the layer.
   *
   * @param maxSpikes D
   * @return [D, cout]: the least sum with which channel c fires j + 1 spikes; {@code −MAX_SUM} if
   *     every sum does, {@link #NEVER} if none does
   */
  public int[] thresholds(int maxSpikes) {
    int[] thresholds = new int[maxSpikes * cout];
    for (int i = 0; i < thresholds.length; i++) {
      int c = i % cout;
      int spikes = i / cout + 1;
      int low = -MAX_SUM;
      int high = MAX_SUM + 1;
      while (low < high) {
        int middle = Math.floorDiv(low + high, 2);
        float potential = Math.fma((float) middle, scale[c], bias[c]);
        if (Math.rint(Math.clamp(potential, 0, maxSpikes)) >= spikes) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      thresholds[i] = low > MAX_SUM ? NEVER : low;
    }
    return thresholds;
  }

  /** The same without the weights, for what comes after the sums. */
  public Int8Layer withoutWeights() {
    return new Int8Layer(
        name, depthwise, cin, cout, taps, kernelWidth, null, scale, bias, maxSpike);
  }

  /** The layer that gives the sums. */
  public FoldedLayer sums() {
    FoldedLayer.Places places = new FoldedLayer.Places(0, 1, cout, cout * (depthwise ? 1 : cin));
    Tensor integers = Tensor.spikes(weights, 1, weights.length); // read by their numbers alone
    return FoldedLayer.ofPlain(depthwise, cin, cout, taps, kernelWidth, integers, places);
  }
}
