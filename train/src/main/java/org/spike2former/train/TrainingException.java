package org.spike2former.train;

/** A run that cannot go on because of what it computed, such as a loss that is not a number. */
public final class TrainingException extends Exception {
  private static final long serialVersionUID = 1L;

  /** An exception with one line that says what happened and what remains. */
  public TrainingException(String message) {
    super(message);
  }
}
