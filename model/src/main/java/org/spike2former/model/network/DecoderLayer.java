package org.spike2former.model.network;

import org.spike2former.model.network.block.Chain;
import org.spike2former.model.network.block.Scope;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/**
 * A layer of the transformer decoder, {@code model.md} section 6: cross-attention to the memory,
 * self-attention among the queries, feed-forward network, each added to the queries.
 */
final class DecoderLayer {
  private final String path;
  private final QueryAttention cross;
  private final QueryAttention self;
  private final Chain ffn;

  DecoderLayer(int channels, ModelConfig.TransformerDecoderConfig config, Scope scope) {
    path = scope.path();
    cross = new QueryAttention(channels, config.heads(), scope.at("cross_attn.attn"));
    self = new QueryAttention(channels, config.heads(), scope.at("self_attn.attn"));
    ffn = Mlp.numbered(channels, config.ffnChannels(), scope.at("ffn"));
  }

  /**
   * Updates the queries.
   *
   * @param queries [T·B, Q, F]
   * @param queryPositions [Q, F]
   * @param memory tokens of one level, [T·B, L, F]
   * @param memoryPositions [L, F]
   */
  Tensor forward(
      Ops ops, Tensor queries, Tensor queryPositions, Tensor memory, Tensor memoryPositions) {
    Tensor q = queries;
    Tensor placed = ops.addTable(q, queryPositions);
    Tensor keys = ops.addTable(memory, memoryPositions);
    Tensor branch = cross.forward(ops, placed, keys, memory);
    q = ops.add(q, ops.observe(path + ".cross_attn", branch));
    placed = ops.addTable(q, queryPositions);
    q = ops.add(q, ops.observe(path + ".self_attn", self.forward(ops, placed, placed, q)));
    q = ops.add(q, ops.observe(path + ".ffn", feedForward(ops, q)));
    return ops.observe(path, q);
  }

  /** The release reads the spikes [Q, F] as [F, Q], and the result [F, Q] as [Q, F]. */
  private Tensor feedForward(Ops ops, Tensor q) {
    int[] flipped = {q.dim(0), q.dim(2), q.dim(1)};
    Tensor spikes = ops.transpose(ffn.fire(ops, q).reshape(flipped));
    Tensor out = ffn.forwardSpikes(ops, spikes);
    return ops.transpose(out).reshape(q.shape());
  }
}
