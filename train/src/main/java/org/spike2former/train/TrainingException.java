package org.spike2former.train;

import java.util.Locale;

/** A run that cannot go on because of what it computed, such as a loss that is not a number. */
public final class TrainingException extends Exception {
  private static final long serialVersionUID = 1L;

  /** An exception with one line that says what happened and what remains. */
  public TrainingException(String message) {
    super(message);
  }

  /** A step whose loss or gradient is not finite. */
  static TrainingException notFinite(StepReport report, String remaining) {
    return new TrainingException(
        String.format(
            Locale.ROOT,
            "step %d: the loss is %s (classes %s, masks %s, dice %s), the gradient's norm %s;"
                + " images %s; %s",
            report.step(),
            report.loss(),
            report.cls(),
            report.mask(),
            report.dice(),
            report.gradientNorm(),
            String.join(", ", report.names()),
            remaining));
  }
}
