package org.spike2former.bench;

import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Size of a weight layer and of its square input map.
 *
 * @param depthwise whether output channel c sees input channel c alone
 * @param side height and width of the input
 * @param in input channels
 * @param out output channels
 * @param kernel height and width of the window
 * @param stride step of the window
 * @param padding rows and columns of zeros on each side
 */
record LayerShape(
    boolean depthwise, int side, int in, int out, int kernel, int stride, int padding) {
  /** A dense convolution that keeps the map's size at stride 1. */
  static LayerShape dense(int side, int in, int out, int kernel, int stride) {
    return new LayerShape(false, side, in, out, kernel, stride, kernel / 2);
  }

  /** A depthwise convolution. */
  static LayerShape depthwise(int side, int channels, int kernel, int padding) {
    return new LayerShape(true, side, channels, channels, kernel, 1, padding);
  }

  int[] input() {
    return new int[] {1, side, side, in};
  }

  WeightLayer layer(RandomTensors random, String name) {
    WeightLayer.Kind kind = depthwise ? WeightLayer.Kind.DEPTHWISE : WeightLayer.Kind.DENSE;
    return random.layer(name, kind, in, out, kernel, stride, padding);
  }

  /** Adds the work of one run on {@code x}. */
  void count(Rates rates, Tensor x) {
    double outSide = Math.floorDiv(side + 2 * padding - kernel, stride) + 1;
    double outputs = outSide * outSide * out;
    double products = (depthwise ? 1.0 : in) * kernel * kernel;
    double bytes = (double) x.size() * x.dtype().bytes() + 4 * (outputs + out * products);
    rates.add(2 * outputs * products, bytes);
  }
}
