package org.spike2former.model.network;

import org.spike2former.model.network.block.Block;
import org.spike2former.model.network.block.Chain;
import org.spike2former.model.network.block.Scope;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/**
 * A transformer block of the backbone ({@code model.md} sections 2 and 3): SDTv3 first adds a
 * separable convolution; then both add attention and an MLP.
 */
final class TransformerBlock implements Block {
  private final String path;
  private final Block convolution;
  private final Block attention;
  private final Chain mlp;

  TransformerBlock(int channels, int heads, int mlpRatio, boolean spiking, Scope scope) {
    path = scope.path();
    convolution = spiking ? SpikeSepConv.of(channels, 3, scope.at("conv")) : null;
    attention =
        spiking
            ? BackboneAttention.sdtv3(channels, heads, scope.at("attn"))
            : BackboneAttention.sdtv2(channels, heads, scope.at("attn"));
    mlp = Mlp.named(channels, mlpRatio * channels, scope.at("mlp"));
  }

  @Override
  public Tensor forward(Ops ops, Tensor x) {
    Tensor y = x;
    if (convolution != null) {
      y = convolution.addTo(ops, y, y, path + ".conv");
    }
    y = attention.addTo(ops, y, y, path + ".attn");
    Tensor tokens = y.reshape(y.dim(0), y.dim(1) * y.dim(2), y.dim(3));
    return ops.observe(path, mlp.addTo(ops, y, tokens, path + ".mlp"));
  }
}
