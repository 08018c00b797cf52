package org.spike2former.accel;

/** A device or what it needs is missing, or fails; the message is one line with the remedy. */
public class OffloadException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /** With this message. */
  public OffloadException(String message) {
    super(message);
  }

  /** With this message and what led to it. */
  public OffloadException(String message, Throwable cause) {
    super(message, cause);
  }
}
