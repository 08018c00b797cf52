package org.spike2former.accel;

import java.util.List;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.HostCall;
import org.spike2former.accel.operation.Operation;

/**
 * One operation of a {@link Plan}.
 *
 * @param name the layer's name or the operation's, for reports
 * @param stage the part of the network, for task graphs and reports
 * @param operation what to do
 */
public record Step(String name, String stage, Operation operation) {
  /** A step whose stage is not known yet. */
  Step(String name, Operation operation) {
    this(name, "", operation);
  }

  /** The same step in a stage. */
  Step in(String part) {
    return new Step(name, part, operation);
  }

  /** What kind of operation it is. */
  public Operation.Kind kind() {
    return operation.kind();
  }

  /** Whether the host does it. */
  public boolean isHost() {
    return operation instanceof HostCall;
  }

  /** What it reads. */
  public List<Buffer> inputs() {
    return operation.inputs();
  }

  /** What it writes, possibly only a part of it. */
  public Buffer output() {
    return operation.output();
  }

  /** All that it writes. */
  public List<Buffer> outputs() {
    return operation.outputs();
  }

  @Override
  public String toString() {
    return kind() + " " + name + " " + inputs() + " → " + outputs();
  }
}
