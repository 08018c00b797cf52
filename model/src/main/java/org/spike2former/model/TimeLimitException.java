package org.spike2former.model;

import java.time.Duration;
import java.util.concurrent.CancellationException;

/** A call took longer than {@link SegmenterOptions#timeLimit} allows, waiting included. */
public final class TimeLimitException extends CancellationException {
  private static final long serialVersionUID = 1;

  TimeLimitException(Duration limit) {
    super("not done within the time limit of " + limit.toMillis() + " ms");
  }
}
