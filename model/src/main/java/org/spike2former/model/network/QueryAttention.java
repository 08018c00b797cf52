package org.spike2former.model.network;

import org.spike2former.model.network.block.Scope;
import org.spike2former.model.network.block.Unit;
import org.spike2former.snn.Neuron;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/**
 * Spiking multi-head attention of the transformer decoder, {@code model.md} section 6: no softmax,
 * scaled by the square root of the full width.
 */
final class QueryAttention {
  private final Unit query;
  private final Unit key;
  private final Unit value;
  private final Neuron queryNeuron;
  private final Neuron keyNeuron;
  private final Neuron valueNeuron;
  private final Unit output;
  private final int heads;
  private final double scale;

  QueryAttention(int channels, int heads, Scope scope) {
    this.heads = heads;
    this.scale = 1 / Math.sqrt(channels);
    query = projection(scope.neuron("q_conv_spike"), "q_conv", channels, scope);
    key = projection(scope.neuron("k_conv_spike"), "k_conv", channels, scope);
    value = projection(scope.neuron("v_conv_spike"), "v_conv", channels, scope);
    queryNeuron = scope.neuron("q_spike");
    keyNeuron = scope.neuron("k_spike");
    valueNeuron = scope.neuron("v_spike");
    output = projection(scope.neuron("attn_spike"), "out_conv", channels, scope);
  }

  private static Unit projection(Neuron neuron, String name, int channels, Scope scope) {
    return new Unit(
        neuron, scope.conv1d(name + ".0", channels, channels).bias().norm(name + ".1").build());
  }

  /** Queries [N, Q, F] attend to keys and values [N, L, F]. */
  Tensor forward(Ops ops, Tensor queries, Tensor keys, Tensor values) {
    Tensor q = queryNeuron.fireAfter(ops, query.neuron().fire(ops, queries), query.layer());
    Tensor k = keyNeuron.fireAfter(ops, key.neuron().fire(ops, keys), key.layer());
    Tensor v = valueNeuron.fireAfter(ops, value.neuron().fire(ops, values), value.layer());
    return output.forward(ops, ops.attention(q, k, v, heads, scale));
  }
}
