package org.spike2former.tensor.cpu;

import org.spike2former.tensor.BatchNorm;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.WeightLayer;

/**
 * A weight layer with its BatchNorms (running statistics) and the scale of incoming spikes folded
 * into weights and bias: {@code W·scale·γ/√(σ²+eps)} and {@code (b − μ)·γ/√(σ²+eps) + β}, worked
 * out in double and rounded once.
 *
 * @param depthwise whether output channel c sees input channel c alone
 * @param cin input channels
 * @param cout output channels
 * @param taps window positions, kernel row slower
 * @param kernelWidth taps of a kernel row
 * @param weights dense: [taps·cin, cout]; depthwise: [taps, cout]
 * @param bias [cout]; never −0, so that adding a zero product never changes a sum's bits
 */
record FoldedLayer(
    boolean depthwise,
    int cin,
    int cout,
    int taps,
    int kernelWidth,
    double[] weights,
    double[] bias) {
  /** Input channels of one block of the canonical order. */
  static final int CHANNEL_BLOCK = 32;

  /** Folds a layer whose input is spikes of scale {@code inScale}, or real numbers (scale 1). */
  public static FoldedLayer of(WeightLayer layer, double inScale) {
    boolean depthwise = layer.kind() == WeightLayer.Kind.DEPTHWISE;
    int cout = layer.outChannels();
    int cin = layer.inChannels();
    int taps = layer.kernelHeight() * layer.kernelWidth();
    int depth = depthwise ? 1 : cin;
    double[] weight = layer.weight().value().to(DType.F64).doubles();
    double[] factor = new double[cout];
    double[] bias = new double[cout];
    for (int co = 0; co < cout; co++) {
      double f = 1;
      double b = layer.bias() == null ? 0 : layer.bias().value().get(co);
      for (BatchNorm norm : layer.norms()) {
        f *= norm.factor(co);
        b = b * norm.factor(co) + norm.shift(co);
      }
      factor[co] = f * inScale;
      bias[co] = b + 0.0;
    }
    double[] weights = new double[taps * depth * cout];
    for (int co = 0; co < cout; co++) {
      for (int ci = 0; ci < depth; ci++) {
        for (int tap = 0; tap < taps; tap++) {
          weights[(tap * depth + ci) * cout + co] =
              weight[(co * depth + ci) * taps + tap] * factor[co];
        }
      }
    }
    return new FoldedLayer(depthwise, cin, cout, taps, layer.kernelWidth(), weights, bias);
  }

  /** The linear map whose weights are the rows {@code from…from+cout} of b, [rows, cin]. */
  public static FoldedLayer ofRows(Tensor b, int from, int cout, int cin) {
    double[] weights = new double[cin * cout];
    for (int co = 0; co < cout; co++) {
      for (int ci = 0; ci < cin; ci++) {
        weights[ci * cout + co] = b.get((from + co) * cin + ci);
      }
    }
    return new FoldedLayer(false, cin, cout, 1, 1, weights, new double[cout]);
  }

  /** Length of a dense output element's sum. */
  public int depth() {
    return taps * (depthwise ? 1 : cin);
  }

  /**
   * The rows of a dense layer's weights in the canonical order of accumulation: kernel row, block
   * of input channels, kernel column, channel in the block.
   */
  int[] order() {
    int[] order = new int[depth()];
    int at = 0;
    for (int row = 0; row < taps; row += kernelWidth) {
      for (int block = 0; block < cin; block += CHANNEL_BLOCK) {
        for (int tap = row; tap < row + kernelWidth; tap++) {
          for (int c = block; c < Math.min(block + CHANNEL_BLOCK, cin); c++) {
            order[at++] = tap * cin + c;
          }
        }
      }
    }
    return order;
  }
}
