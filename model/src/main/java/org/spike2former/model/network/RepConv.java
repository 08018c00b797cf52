package org.spike2former.model.network;

import org.spike2former.model.network.block.Block;
import org.spike2former.model.network.block.Scope;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * SDTv2's re-parameterisable convolution and the BN after it ({@code model.md} section 2): 1×1 →
 * BN, padded with what that BN gives for 0 → depthwise 3×3 → 1×1 → BN, then BN. Child 0 of its
 * scope is the RepConv, child 1 the last BN.
 */
final class RepConv implements Block {
  private final String path;
  private final WeightLayer first;
  private final BatchNorm firstNorm;
  private final WeightLayer depthwise;
  private final WeightLayer last;
  private final BatchNorm outerNorm;

  RepConv(int in, int out, Scope scope) {
    Scope body = scope.at("0.body");
    path = scope.at("0").path();
    first = body.conv("0", in, in, 1).norm("1.bn").build();
    firstNorm = first.norms().get(0);
    depthwise = body.depthwise("2.0", in, 3).build();
    last = body.conv("2.1", in, out, 1).norm("2.2").build();
    outerNorm = scope.norm("1", out);
  }

  @Override
  public Tensor forward(Ops ops, Tensor spikes) {
    Tensor padded = ops.padWithShift(ops.layer(spikes, first), firstNorm);
    Tensor mixed = ops.layer(ops.layer(padded, depthwise), last);
    return ops.batchNorm(ops.observe(path, mixed), outerNorm);
  }
}
