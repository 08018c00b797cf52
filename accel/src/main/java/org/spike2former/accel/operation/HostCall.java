package org.spike2former.accel.operation;

import java.util.List;
import java.util.function.Function;

/**
 * What the CPU does in the middle of a plan, because the device cannot.
 *
 * @param inputs what it reads
 * @param function makes the arrays of the inputs, float[], byte[] or int[] each, the output's
 * @param output what it writes
 */
public record HostCall(List<Buffer> inputs, Function<List<Object>, Object> function, Buffer output)
    implements Operation {
  /** Copies the list. */
  public HostCall {
    inputs = List.copyOf(inputs);
  }

  @Override
  public Kind kind() {
    return Kind.HOST;
  }
}
