package org.spike2former.tensor.io;

/**
 * A limit that can be set as a system property, as in {@code
 * S2F_JAVA_OPTS=-Ds2f.max-config-files=100}.
 *
 * @param property its name
 * @param usual the limit where it is not set
 */
public record Limit(String property, long usual) {
  /**
   * The limit in force.
   *
   * @throws IllegalArgumentException if it is set to anything but a positive integer
   */
  public long value() {
    String set = System.getProperty(property);
    if (set == null) {
      return usual;
    }
    try {
      long value = Long.parseLong(set);
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "-D" + property + "=" + set + ": expected a positive integer");
  }

  /** As in "50 files (-Ds2f.max-config-files)". */
  public String of(String what) {
    return value() + " " + what + " (-D" + property + ")";
  }

  /** As in "50 (-Ds2f.max-config-files)". */
  @Override
  public String toString() {
    return value() + " (-D" + property + ")";
  }
}
