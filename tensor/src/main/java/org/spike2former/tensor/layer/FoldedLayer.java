package org.spike2former.tensor.layer;

import java.util.Arrays;
import java.util.List;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

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
 * @param raw the weights before folding, which {@link #row} folds
 * @param places where they are in raw
 * @param factor [cout], what folding multiplies an output channel's weights by
 * @param bias [cout]; never −0, so that adding a zero product never changes a sum's bits
 */
public record FoldedLayer(
    boolean depthwise,
    int cin,
    int cout,
    int taps,
    int kernelWidth,
    Tensor raw,
    Places places,
    double[] factor,
    double[] bias) {
  /** Input channels of one block of the canonical order. */
  public static final int CHANNEL_BLOCK = 32;

  /**
   * Where weights are in an array.
   *
   * @param first element of the first output channel, input channel and tap
   * @param outputStep from an output channel to the next
   * @param inputStep from an input channel to the next
   * @param tapStep from a tap to the next
   */
  public record Places(int first, int outputStep, int inputStep, int tapStep) {}

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
    Places places = new Places(0, (depthwise ? 1 : cin) * taps, taps, 1);
    return new FoldedLayer(
        depthwise,
        cin,
        cout,
        taps,
        layer.kernelWidth(),
        layer.weight().value(),
        places,
        factor,
        bias);
  }

  /** The linear map whose weights are the rows {@code from…from+cout} of b, [rows, cin]. */
  public static FoldedLayer ofRows(Tensor b, int from, int cout, int cin) {
    Places places = new Places(from * cin, cin, 1, 1);
    return ofPlain(false, cin, cout, 1, 1, b, places);
  }

  /** A layer of these weights as they are, without a bias. */
  public static FoldedLayer ofPlain(
      boolean depthwise, int cin, int cout, int taps, int kernelWidth, Tensor raw, Places places) {
    return new FoldedLayer(
        depthwise, cin, cout, taps, kernelWidth, raw, places, ones(cout), new double[cout]);
  }

  /**
   * The layer that takes a gradient of this one's output to one of its input, at stride 1: channels
   * change sides and windows are flipped.
   */
  public static FoldedLayer flipped(WeightLayer layer) {
    boolean depthwise = layer.kind() == WeightLayer.Kind.DEPTHWISE;
    int cout = layer.inChannels();
    int taps = layer.kernelHeight() * layer.kernelWidth();
    Places places = new Places(taps - 1, taps, (depthwise ? 1 : cout) * taps, -1);
    return ofPlain(
        depthwise,
        layer.outChannels(),
        cout,
        taps,
        layer.kernelWidth(),
        layer.weight().value(),
        places);
  }

  private static double[] ones(int length) {
    double[] ones = new double[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** The weights of all output channels at one depth: tap·cin + input channel, or depthwise tap. */
  public void row(int k, double[] out) {
    int inputs = depthwise ? 1 : cin;
    int step = places.outputStep();
    int at = places.first() + k % inputs * places.inputStep() + k / inputs * places.tapStep();
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
  public int[] order() {
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
