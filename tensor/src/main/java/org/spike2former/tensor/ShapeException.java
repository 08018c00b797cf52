package org.spike2former.tensor;

/** Shapes that do not fit an operation; the message names the thing and both shapes. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** An exception with this message. */
  public ShapeException(String message) {
    super(message);
  }
}
