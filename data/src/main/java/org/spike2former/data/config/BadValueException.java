package org.spike2former.data.config;

/** A value that a record does not take; the reader of a file adds file, line and path. */
public final class BadValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final String problem;

  /**
   * A problem with the value of a key.
   *
   * @param key as it is written in files, relative to the record; empty: the record as a whole
   * @param problem such as "missing"
   */
  public BadValueException(String key, String problem) {
    super(key.isEmpty() ? problem : key + ": " + problem);
    this.key = key;
    this.problem = problem;
  }

  /** The problem "expected …, found …". */
  public static BadValueException of(String key, String expected, Object found) {
    return new BadValueException(key, "expected " + expected + ", found " + Ranges.text(found));
  }

  /** The key, relative to the record. */
  public String key() {
    return key;
  }

  /** What is wrong with its value. */
  public String problem() {
    return problem;
  }
}
