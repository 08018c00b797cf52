package org.spike2former.accel;

import java.util.List;

/**
 * One operation of a {@link Plan}; what inputs, sizes and factors mean is {@link Operation}'s to
 * say.
 *
 * @param operation what to do
 * @param name the layer's name or the operation's, for reports
 * @param stage the part of the network, for task graphs and reports
 * @param inputs what it reads
 * @param output what it writes, possibly only a part of it
 * @param sizes extents
 * @param factors scalars
 * @param host what the CPU does instead, for {@link Operation#HOST} alone; else null
 */
public record Step(
    Operation operation,
    String name,
    String stage,
    List<Buffer> inputs,
    Buffer output,
    int[] sizes,
    float[] factors,
    HostFunction host) {
  /** An operation on the CPU. */
  @FunctionalInterface
  public interface HostFunction {
    /**
     * Computes.
     *
     * @param inputs arrays of the input buffers: float[], byte[] or int[]
     * @return the output's array
     */
    Object apply(List<Object> inputs);
  }

  /** Copies the list. */
  public Step {
    inputs = List.copyOf(inputs);
  }

  /** A step whose stage is not known yet. */
  Step(
      Operation operation,
      String name,
      List<Buffer> inputs,
      Buffer output,
      int[] sizes,
      float[] factors,
      HostFunction host) {
    this(operation, name, "", inputs, output, sizes, factors, host);
  }

  /** The same step in a stage. */
  Step in(String part) {
    return new Step(operation, name, part, inputs, output, sizes, factors, host);
  }

  /** Input number {@code index}. */
  public Buffer input(int index) {
    return inputs.get(index);
  }

  /** Size number {@code index}. */
  public int size(int index) {
    return sizes[index];
  }

  @Override
  public String toString() {
    return operation + " " + name + " " + inputs + " → " + output;
  }
}
