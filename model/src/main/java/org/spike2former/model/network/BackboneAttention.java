package org.spike2former.model.network;

import org.spike2former.model.network.block.Block;
import org.spike2former.model.network.block.Scope;
import org.spike2former.snn.Neuron;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/**
 * Spiking self-attention of the backbone without softmax ({@code model.md} sections 2 and 3). SDTv2
 * projects by RepConv and scales by (C/heads)^-0.5; SDTv3 projects by 1×1 convolutions, has values
 * four times as wide and scales by 2·(C/heads)^-0.5.
 */
final class BackboneAttention implements Block {
  private final Neuron input;
  private final Projection query;
  private final Projection key;
  private final Projection value;
  private final Projection output;
  private final int heads;
  private final double scale;

  /** A projection of spikes and the neuron before or after it. */
  private record Projection(Neuron neuron, Block block) {}

  private BackboneAttention(
      Scope scope, Block query, Block key, Block value, Block output, int heads, double scale) {
    this.input = scope.neuron("head_spike");
    this.query = new Projection(scope.neuron("q_spike"), query);
    this.key = new Projection(scope.neuron("k_spike"), key);
    this.value = new Projection(scope.neuron("v_spike"), value);
    this.output = new Projection(scope.neuron("attn_spike"), output);
    this.heads = heads;
    this.scale = scale;
  }

  static BackboneAttention sdtv2(int channels, int heads, Scope scope) {
    return new BackboneAttention(
        scope,
        new RepConv(channels, channels, scope.at("q_conv")),
        new RepConv(channels, channels, scope.at("k_conv")),
        new RepConv(channels, channels, scope.at("v_conv")),
        new RepConv(channels, channels, scope.at("proj_conv")),
        heads,
        1 / Math.sqrt((double) channels / heads));
  }

  static BackboneAttention sdtv3(int channels, int heads, Scope scope) {
    int wide = 4 * channels;
    return new BackboneAttention(
        scope,
        pointwise(scope, "q_conv", channels, channels),
        pointwise(scope, "k_conv", channels, channels),
        pointwise(scope, "v_conv", channels, wide),
        pointwise(scope, "proj_conv", wide, channels),
        heads,
        2 / Math.sqrt((double) channels / heads));
  }

  private static Block pointwise(Scope scope, String name, int in, int out) {
    var layer = scope.conv(name + ".0", in, out, 1).norm(name + ".1").build();
    return (ops, spikes) -> ops.layer(spikes, layer);
  }

  @Override
  public Tensor forward(Ops ops, Tensor x) {
    Tensor spikes = input.fire(ops, x);
    Tensor q = project(ops, spikes, query);
    Tensor k = project(ops, spikes, key);
    Tensor v = project(ops, spikes, value);
    Tensor mixed = ops.attention(q, k, v, heads, scale);
    Tensor fired = output.neuron().fire(ops, mixed);
    return output.block().forward(ops, fired.reshape(x.dim(0), x.dim(1), x.dim(2), fired.dim(2)));
  }

  private static Tensor project(Ops ops, Tensor spikes, Projection projection) {
    Tensor fired = projection.neuron().fire(ops, projection.block().forward(ops, spikes));
    return fired.reshape(fired.dim(0), fired.dim(1) * fired.dim(2), fired.dim(3));
  }
}
