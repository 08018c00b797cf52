package org.spike2former.tensor;

import java.util.Locale;

/** The CPU implementations. They give the same bits, so the choice is about speed alone. */
public enum Backend {
  /** The value of the system property s2f.backend, or else vector where it can. */
  AUTO,
  /** Kernels of the Vector API. */
  VECTOR,
  /** Plain Java, the reference. */
  SCALAR;

  /**
   * The backend of that name, in lower case.
   *
   * @throws IllegalArgumentException for another name
   */
  public static Backend of(String name) {
    return of(name, "asked for");
  }

  /**
   * As {@link #of(String)}.
   *
   * @param source where the name comes from, for the message
   */
  public static Backend of(String name, String source) {
    return switch (name) {
      case "auto" -> AUTO;
      case "vector" -> VECTOR;
      case "scalar" -> SCALAR;
      default ->
          throw new IllegalArgumentException(
              "expected backend scalar, vector or auto, found " + name + " (" + source + ")");
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
