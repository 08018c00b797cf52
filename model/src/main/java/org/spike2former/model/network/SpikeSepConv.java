package org.spike2former.model.network;

import org.spike2former.model.network.block.Chain;
import org.spike2former.model.network.block.Scope;
import org.spike2former.model.network.block.Unit;

/**
 * Separable convolution with a neuron before, and a BN after, each of its three convolutions
 * ({@code model.md} sections 3 to 5): 1×1, C→2C; depthwise; 1×1, 2C→C. SDTv3 uses it as SepConv,
 * the pixel decoder as ESC.
 */
final class SpikeSepConv {
  private SpikeSepConv() {}

  static Chain of(int channels, int kernel, Scope scope) {
    int hidden = 2 * channels;
    return new Chain(
        new Unit(
            scope.neuron("spike1"),
            scope.conv("pwconv1.0", channels, hidden, 1).norm("pwconv1.1").build()),
        new Unit(
            scope.neuron("spike2"),
            scope
                .depthwise("dwconv.0", hidden, kernel)
                .padding(kernel / 2)
                .norm("dwconv.1")
                .build()),
        new Unit(
            scope.neuron("spike3"),
            scope.conv("pwconv2.0", hidden, channels, 1).norm("pwconv2.1").build()));
  }
}
