package org.spike2former.cli.console;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines that fit the terminal, and what stands in them. */
public final class Lines {
  /** Where standard output is no terminal. */
  private static final int USUAL = 80;

  private static final int LEAST = 40;

  private Lines() {}

  /** Characters that a line may have; the launcher knows of the terminal. */
  public static int width() {
    return Math.max(LEAST, Integer.getInteger("s2f.columns", USUAL));
  }

  /** The first of several ways to say something that fits, or else the last. */
  static String fitting(int width, String... ways) {
    for (String way : ways) {
      if (way.length() <= width) {
        return way;
      }
    }
    return ways[ways.length - 1];
  }

  /** Items one after another, two blanks between them, in as many lines as they need. */
  static List<String> wrapped(int width, String indent, List<String> items) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String item : items) {
      if (!line.isEmpty() && line.length() + 2 + item.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? indent : "  ").append(item);
    }
    if (!line.isEmpty()) {
      lines.add(line.toString());
    }
    return lines;
  }

  /** As people write it: 0.0003, 1e-09, 4. */
  public static String number(double value) {
    if (value != 0 && (Math.abs(value) < 1e-6 || Math.abs(value) >= 1e9)) {
      return String.format(Locale.ROOT, "%.3g", value);
    }
    BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    return shortest.signum() == 0 ? "0" : shortest.toPlainString();
  }

  /** 1:02:03. */
  public static String clock(double seconds) {
    long whole = Math.round(seconds);
    return String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }
}
