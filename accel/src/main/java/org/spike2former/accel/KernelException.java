package org.spike2former.accel;

import org.spike2former.accel.operation.Operation;

/** A kernel does not compile for the device; what its session can do leaves it out from now on. */
public final class KernelException extends OffloadException {
  private static final long serialVersionUID = 1;

  private final Operation.Kind kind;

  /** Of operations of this kind. */
  public KernelException(String message, Operation.Kind kind, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** The kind of operation whose kernel it is. */
  public Operation.Kind kind() {
    return kind;
  }
}
