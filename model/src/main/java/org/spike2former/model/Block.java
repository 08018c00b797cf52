package org.spike2former.model;

import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/** A part of the network with one input and one output. */
interface Block {
  Tensor forward(Ops ops, Tensor x);
}
