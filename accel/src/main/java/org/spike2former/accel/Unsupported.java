package org.spike2former.accel;

/** An operation that a device cannot do; the message says why. */
final class Unsupported extends RuntimeException {
  private static final long serialVersionUID = 1;

  Unsupported(String reason) {
    super(reason);
  }
}
