package org.spike2former.data.image;

import java.io.IOException;

/** Bytes that are no image of a format that is read. */
public final class UnknownFormatException extends IOException {
  private static final long serialVersionUID = 1;

  UnknownFormatException(String message) {
    super(message);
  }
}
