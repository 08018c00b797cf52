package org.spike2former.accel;

/** A kernel does not compile for the device; what its session can do leaves it out from now on. */
public final class KernelException extends OffloadException {
  private static final long serialVersionUID = 1;

  private final Operation operation;

  /** Of this operation. */
  public KernelException(String message, Operation operation, Throwable cause) {
    super(message, cause);
    this.operation = operation;
  }

  /** The operation whose kernel it is. */
  public Operation operation() {
    return operation;
  }
}
