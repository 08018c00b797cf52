package org.spike2former.fuzz.mutation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** Changes lines of a text: their order, number, indentation, or what is said after a colon. */
public final class Lines implements Mutation {
  private static final List<String> VALUES =
      List.of(
          "&a",
          "*a",
          "[*a, *a]",
          "<<: *a",
          "!!java.net.URL x",
          "!!binary aaaa",
          "~",
          "null",
          "\"",
          "'",
          "{",
          "[",
          "]",
          "- ",
          "? ",
          "|",
          ">",
          "%YAML 9",
          "---",
          "...",
          "\0",
          "\u0085",
          "\u2028",
          "\uFEFF",
          "1e999",
          ".inf",
          ".nan",
          "0x7fffffffffffffff",
          "-1",
          "0",
          "2147483648",
          "9".repeat(400),
          "../../etc",
          "[".repeat(2000),
          "{a: ".repeat(500),
          "\t");

  private static final int MOST_TIMES = 50;

  @Override
  public byte[] apply(byte[] file, RandomGenerator random) {
    String text = new String(file, StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    int i = random.nextInt(lines.size());
    String line = lines.get(i);
    String value = VALUES.get(random.nextInt(VALUES.size()));
    int colon = line.indexOf(':');
    switch (random.nextInt(8)) {
      case 0 -> lines.remove(i);
      case 1 -> lines.addAll(i, Collections.nCopies(1 + random.nextInt(MOST_TIMES), line));
      case 2 -> Collections.swap(lines, i, random.nextInt(lines.size()));
      case 3 -> lines.set(i, " ".repeat(random.nextInt(8)) + line);
      case 4 -> lines.set(i, line + value);
      case 5 -> lines.add(i, value);
      default -> lines.set(i, (colon < 0 ? "" : line.substring(0, colon + 1) + " ") + value);
    }
    return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
  }
}
