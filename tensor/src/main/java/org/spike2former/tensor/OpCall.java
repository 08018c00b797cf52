package org.spike2former.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A call of an operation, to be looked at or made again.
 *
 * @param name which operation
 * @param tensors what it reads, in the order of the method's parameters
 * @param arguments all else that it was given, in that order; calls of equal names and arguments do
 *     the same to equal tensors. An argument may be null
 * @param replay makes the call
 */
public record OpCall(OpName name, List<Tensor> tensors, List<Object> arguments, Replay replay) {
  /** Makes a call with other tensors. */
  @FunctionalInterface
  public interface Replay {
    /** Calls the operation of {@code ops} on as many tensors as the call had. */
    Tensor on(Ops ops, List<Tensor> tensors);
  }

  /** Copies the lists. */
  public OpCall {
    tensors = List.copyOf(tensors);
    arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
  }

  /** Makes the call as it is. */
  public Tensor on(Ops ops) {
    return replay.on(ops, tensors);
  }

  /** Makes the call with these tensors in place of its own. */
  public Tensor on(Ops ops, List<Tensor> others) {
    if (others.size() != tensors.size()) {
      throw new IllegalArgumentException(
          name.method() + " of " + tensors.size() + " tensors, found " + others.size());
    }
    return replay.on(ops, others);
  }
}
