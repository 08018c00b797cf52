package org.spike2former.generator;

/** Source from which no twin can be made. */
final class BadSource extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int line;

  BadSource(int line, String message) {
    super(message);
    this.line = line;
  }

  int line() {
    return line;
  }
}
