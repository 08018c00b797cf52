package org.spike2former.tensor.cpu;

import java.util.Arrays;
import java.util.List;
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
 * @param raw the weights before folding, which {@link #row} folds: a row a channel of output, of
 *     them input channels, of them taps
 * @param rawAt element of raw where the first output channel begins
 * @param factor [cout], what folding multiplies an output channel's weights by
 * @param bias [cout]; never −0, so that adding a zero product never changes a sum's bits
 */
record FoldedLayer(
    boolean depthwise,
    int cin,
    int cout,
    int taps,
    int kernelWidth,
    Tensor raw,
    int rawAt,
    double[] factor,
    double[] bias) {
  /** Input channels of one block of the canonical order. */
  static final int CHANNEL_BLOCK = 32;

  /** Folds a layer whose input is spikes of scale {@code inScale}, or real numbers (scale 1). */
  public static FoldedLayer of(WeightLayer layer, double inScale) {
    return of(layer, layer.norms(), inScale);
  }

  /** As {@link #of}, without the layer's norms. */
  public static FoldedLayer ofBare(WeightLayer layer, double inScale) {
    return of(layer, List.of(), inScale);
  }

  private static FoldedLayer of(WeightLayer layer, List<BatchNorm> norms, double inScale) {
    boolean depthwise = layer.kind() == WeightLayer.Kind.DEPTHWISE;
    int cout = layer.outChannels();
    int cin = layer.inChannels();
    int taps = layer.kernelHeight() * layer.kernelWidth();
    double[] factor = new double[cout];
    double[] bias = new double[cout];
    for (int co = 0; co < cout; co++) {
      double f = 1;
      double b = layer.bias() == null ? 0 : layer.bias().value().get(co);
      for (BatchNorm norm : norms) {
        f *= norm.factor(co);
        b = b * norm.factor(co) + norm.shift(co);
      }
      factor[co] = f * inScale;
      bias[co] = b + 0.0;
    }
    return new FoldedLayer(
        depthwise, cin, cout, taps, layer.kernelWidth(), layer.weight().value(), 0, factor, bias);
  }

  /** The linear map whose weights are the rows {@code from…from+cout} of b, [rows, cin]. */
  public static FoldedLayer ofRows(Tensor b, int from, int cout, int cin) {
    return new FoldedLayer(false, cin, cout, 1, 1, b, from * cin, ones(cout), new double[cout]);
  }

  /**
   * The layer that takes a gradient of this one's output to one of its input, at stride 1: channels
   * change sides and windows are flipped.
   */
  public static FoldedLayer flipped(WeightLayer layer) {
    boolean depthwise = layer.kind() == WeightLayer.Kind.DEPTHWISE;
    int outputs = layer.outChannels();
    int inputs = depthwise ? 1 : layer.inChannels();
    int taps = layer.kernelHeight() * layer.kernelWidth();
    Tensor weight = layer.weight().value();
    double[] flipped = new double[weight.size()];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        for (int tap = 0; tap < taps; tap++) {
          int row = depthwise ? o : i * outputs + o;
          flipped[row * taps + taps - 1 - tap] = weight.get((o * inputs + i) * taps + tap);
        }
      }
    }
    int cout = layer.inChannels();
    return new FoldedLayer(
        depthwise,
        outputs,
        cout,
        taps,
        layer.kernelWidth(),
        Tensor.of(flipped, flipped.length),
        0,
        ones(cout),
        new double[cout]);
  }

  private static double[] ones(int length) {
    double[] ones = new double[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** The weights of all output channels at one depth: tap·cin + input channel, or depthwise tap. */
  public void row(int k, double[] out) {
    int inputs = depthwise ? 1 : cin;
    int step = inputs * taps;
    int at = rawAt + k % inputs * taps + k / inputs;
    if (raw.dtype() == DType.F32) {
      float[] weights = raw.floats();
      for (int co = 0; co < cout; co++) {
        out[co] = weights[at + co * step] * factor[co];
      }
    } else {
      for (int co = 0; co < cout; co++) {
        out[co] = raw.get(at + co * step) * factor[co];
      }
    }
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
