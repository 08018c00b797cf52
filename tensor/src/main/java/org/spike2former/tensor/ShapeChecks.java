package org.spike2former.tensor;

import java.util.Locale;

/** Checks that several operations share, and how refusals read. */
final class ShapeChecks {
  private ShapeChecks() {}

  static void requireSpikes(String what, Tensor x) {
    if (x.dtype() != DType.SPIKES) {
      throw refusal("%s: expected spikes, found %s", what, x);
    }
  }

  static void requireRank(String what, Tensor x, int rank) {
    check(x.rank() == rank, what, rank + " axes", x);
  }

  static void requireChannels(String what, Tensor x, int channels) {
    check(x.rank() > 0 && x.dim(-1) == channels, what, channels + " channels", x);
  }

  static void requirePositive(String what, String counted, int number) {
    if (number < 1) {
      throw refusal("%s: expected 1 or more %s, found %d", what, counted, number);
    }
  }

  /** Refuses unless x fits what was expected. */
  static void check(boolean fits, String what, String expected, Tensor x) {
    if (!fits) {
      throw refusal("%s: expected %s, found shape %s", what, expected, text(x));
    }
  }

  static String text(Tensor x) {
    return Shape.toString(x.shape());
  }

  /** What to throw, in the words of a format. */
  static ShapeException refusal(String format, Object... parts) {
    return new ShapeException(String.format(Locale.ROOT, format, parts));
  }
}
