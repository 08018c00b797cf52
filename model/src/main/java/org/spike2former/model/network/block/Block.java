package org.spike2former.model.network.block;

import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/** A part of the network with one input and one output. */
public interface Block {
  /** Runs it. */
  Tensor forward(Ops ops, Tensor x);

  /** {@code residual + forward(x)}; the branch is observed under {@code block}, unless null. */
  default Tensor addTo(Ops ops, Tensor residual, Tensor x, String block) {
    Tensor branch = forward(ops, x);
    return ops.add(residual, block == null ? branch : ops.observe(block, branch));
  }
}
