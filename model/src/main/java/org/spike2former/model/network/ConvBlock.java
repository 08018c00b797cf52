package org.spike2former.model.network;

import org.spike2former.model.network.block.Block;
import org.spike2former.model.network.block.Chain;
import org.spike2former.model.network.block.Scope;
import org.spike2former.model.network.block.Unit;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/**
 * A convolutional block of the backbone's first stages ({@code model.md} section 2): {@code x = x +
 * SepConv(x)}, then {@code x = x + BN(conv3×3(n(BN(conv3×3(n(x))))))} through 4C channels (C times
 * the MLPs' ratio).
 */
final class ConvBlock implements Block {
  private final String path;
  private final String separablePath;
  private final Block separable;
  private final Chain convolutions;

  ConvBlock(int channels, int ratio, boolean spiking, Scope scope) {
    int hidden = ratio * channels;
    Scope inner = scope.at("Conv");
    path = scope.path();
    separablePath = inner.path();
    separable = spiking ? SpikeSepConv.of(channels, 7, inner) : new SepConv(channels, inner);
    convolutions =
        new Chain(
            new Unit(
                scope.neuron("spike1"),
                scope.conv("conv1", channels, hidden, 3).padding(1).norm("bn1").build()),
            new Unit(
                scope.neuron("spike2"),
                scope.conv("conv2", hidden, channels, 3).padding(1).norm("bn2").build()));
  }

  @Override
  public Tensor forward(Ops ops, Tensor x) {
    Tensor mixed = separable.addTo(ops, x, x, separablePath);
    return ops.observe(path, convolutions.addTo(ops, mixed, mixed, null));
  }
}
