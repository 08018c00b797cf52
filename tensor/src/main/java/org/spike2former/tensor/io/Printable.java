package org.spike2former.tensor.io;

import java.util.Locale;

/** Text from a file as it may be shown on a terminal. */
public final class Printable {
  private Printable() {}

  /**
   * The text with all characters escaped that a terminal or an editor would act on: control
   * characters, line separators, and marks of the direction of writing.
   */
  public static String of(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isPrintable(c)) {
                out.appendCodePoint(c);
              } else {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
              }
            });
    return out.toString();
  }

  /** A text of several lines with control characters escaped, but for ends of lines and tabs. */
  public static String controls(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && c != '\n' && c != '\t') {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** As {@link #of(String)}, cut to a length. */
  public static String of(String text, int longest) {
    return text.length() <= longest ? of(text) : of(text.substring(0, longest)) + "…";
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
