package org.spike2former.model.network;

import org.spike2former.model.network.block.Block;
import org.spike2former.model.network.block.Scope;
import org.spike2former.model.network.block.Unit;
import org.spike2former.snn.Neuron;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * SDTv2's separable convolution ({@code model.md} section 2): neuron → 1×1, C→2C → BN → neuron →
 * depthwise 7×7 → 1×1, 2C→C → BN. Nothing lies between the last two convolutions.
 */
final class SepConv implements Block {
  private final Unit expand;
  private final Unit depthwise;
  private final WeightLayer project;

  SepConv(int channels, Scope scope) {
    int hidden = 2 * channels;
    Neuron first = scope.neuron("spike1");
    expand = new Unit(first, scope.conv("pwconv1", channels, hidden, 1).norm("bn1").build());
    depthwise =
        new Unit(scope.neuron("spike2"), scope.depthwise("dwconv", hidden, 7).padding(3).build());
    project = scope.conv("pwconv2", hidden, channels, 1).norm("bn2").build();
  }

  @Override
  public Tensor forward(Ops ops, Tensor x) {
    return ops.layer(hidden(ops, x), project);
  }

  @Override
  public Tensor addTo(Ops ops, Tensor residual, Tensor x, String block) {
    return ops.addLayer(residual, hidden(ops, x), project, block);
  }

  private Tensor hidden(Ops ops, Tensor x) {
    Tensor spikes = expand.neuron().fire(ops, x);
    spikes = depthwise.neuron().fireAfter(ops, spikes, expand.layer());
    return ops.layer(spikes, depthwise.layer());
  }
}
