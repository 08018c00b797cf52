package org.spike2former.tensor;

/**
 * Shapes, kinds of numbers or counts that do not fit an operation; the message names the thing,
 * what was expected and what was found.
 */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** An exception with this message. */
  public ShapeException(String message) {
    super(message);
  }
}
