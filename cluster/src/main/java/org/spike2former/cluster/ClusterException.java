package org.spike2former.cluster;

import java.io.IOException;

/** A cluster that cannot do what is wanted; the message says why, in one line. */
public final class ClusterException extends IOException {
  private static final long serialVersionUID = 1;

  public ClusterException(String message) {
    super(message);
  }

  public ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
