package org.spike2former.model.network;

import org.spike2former.model.network.block.Block;
import org.spike2former.model.network.block.Chain;
import org.spike2former.model.network.block.Scope;
import org.spike2former.model.network.block.Unit;
import org.spike2former.snn.Neuron;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Spike-driven deformable attention, {@code model.md} section 5. Offsets and masks come out of
 * their convolutions channels first and are reinterpreted as channels last, as the release does.
 */
final class DeformableAttention implements Block {
  private final String path;
  private final Chain inputProjection;
  private final Chain outputProjection;
  private final Unit context;
  private final Neuron offsetNeuron;
  private final WeightLayer offset;
  private final WeightLayer mask;
  private final Neuron maskNeuron;
  private final int groups;

  DeformableAttention(int channels, int groups, int kernel, Scope scope) {
    this.path = scope.path();
    this.groups = groups;
    int points = groups * 9;
    inputProjection = SpikeSepConv.of(channels, kernel, scope.at("input_proj"));
    context =
        new Unit(
            scope.neuron("dw_spike"),
            scope
                .depthwise("dw_conv.0", channels, kernel)
                .padding(kernel / 2)
                .norm("dw_conv.1")
                .build());
    offsetNeuron = scope.neuron("offset_spike");
    offset = scope.conv("offset.0", channels, 2 * points, 1).bias().norm("offset.1").build();
    mask = scope.conv("mask.0", channels, points, 1).bias().norm("mask.1").build();
    maskNeuron = scope.neuron("mask_spike");
    outputProjection = SpikeSepConv.of(channels, kernel, scope.at("output_proj"));
  }

  @Override
  public Tensor forward(Ops ops, Tensor u) {
    Tensor v = ops.observe(path + ".input_proj", inputProjection.forward(ops, u));
    Tensor spikes = offsetNeuron.fireAfter(ops, context.neuron().fire(ops, u), context.layer());
    Tensor offsets = reinterpret(ops, ops.layer(spikes, offset));
    Tensor masks = maskNeuron.fire(ops, reinterpret(ops, ops.layer(spikes, mask)));
    Tensor sampled = ops.deformSample(v, offsets, masks, groups);
    return ops.observe(path + ".output_proj", outputProjection.forward(ops, sampled));
  }

  /** The row-major numbers of [C', H, W] read as [H, W, C']. */
  private static Tensor reinterpret(Ops ops, Tensor x) {
    Tensor tokens = x.reshape(x.dim(0), x.dim(1) * x.dim(2), x.dim(3));
    return ops.transpose(tokens).reshape(x.shape());
  }
}
