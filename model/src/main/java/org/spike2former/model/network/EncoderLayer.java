package org.spike2former.model.network;

import org.spike2former.model.network.block.Block;
import org.spike2former.model.network.block.Chain;
import org.spike2former.model.network.block.Scope;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;

/**
 * A layer of the pixel decoder's deformable encoder, {@code model.md} section 4: convolution,
 * deformable attention and feed-forward network, each followed by a layer scale.
 */
final class EncoderLayer implements Block {
  private final String path;
  private final Block convolution;
  private final Block attention;
  private final Chain ffn;
  private final Parameter gamma1;
  private final Parameter gamma2;
  private final Parameter gamma3;

  EncoderLayer(ModelConfig.PixelDecoderConfig config, Scope scope) {
    int channels = config.featChannels();
    path = scope.path();
    gamma1 = scope.weight("gamma1", channels);
    gamma2 = scope.weight("gamma2", channels);
    gamma3 = scope.weight("gamma3", channels);
    convolution = SpikeSepConv.of(channels, 3, scope.at("Conv"));
    attention =
        new DeformableAttention(channels, config.groups(), config.dwKernel(), scope.at("dcn"));
    ffn = Mlp.named(channels, config.ffnChannels(), scope.at("ffn"));
  }

  @Override
  public Tensor forward(Ops ops, Tensor x) {
    Tensor q = x;
    q = addBranch(ops, q, gamma1, ops.observe(path + ".Conv", convolution.forward(ops, q)));
    q = addBranch(ops, q, gamma2, ops.observe(path + ".dcn", attention.forward(ops, q)));
    q = addBranch(ops, q, gamma3, ops.observe(path + ".ffn", feedForward(ops, q)));
    return ops.observe(path, q);
  }

  private static Tensor addBranch(Ops ops, Tensor x, Parameter gamma, Tensor branch) {
    return ops.addScaled(x, ops.value(gamma), branch);
  }

  /** The release reads the result, [F, N] row-major, as [H, W, F] without a transpose. */
  private Tensor feedForward(Ops ops, Tensor x) {
    Tensor tokens = x.reshape(x.dim(0), x.dim(1) * x.dim(2), x.dim(3));
    return ops.transpose(ffn.forward(ops, tokens)).reshape(x.shape());
  }
}
