package org.spike2former.data.mask;

import java.util.Arrays;

/**
 * Run lengths as COCO's text. From the fourth on, a run is written as its difference from the one
 * two before; five bits to a character from {@code '0'} on, the lowest first; a sixth bit says that
 * more follow, and the highest of the five is the sign.
 */
final class RleText {
  private static final char ZERO = '0';
  private static final int BITS = 5;
  private static final int MORE = 1 << BITS;
  private static final int SIGN = 1 << BITS - 1;
  private static final int LOW = MORE - 1;

  /** Seven characters hold 35 bits, enough for the difference of two lengths. */
  private static final int MOST = 7;

  private RleText() {}

  static String write(int... counts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < counts.length; i++) {
      long rest = i > 2 ? (long) counts[i] - counts[i - 2] : counts[i];
      boolean more = true;
      while (more) {
        int low = (int) (rest & LOW);
        rest >>= BITS;
        more = rest != ((low & SIGN) == 0 ? 0 : -1);
        text.append((char) (ZERO + (more ? low | MORE : low)));
      }
    }
    return text.toString();
  }

  static int[] read(String text) {
    int[] counts = new int[text.length()];
    int runs = 0;
    int at = 0;
    while (at < text.length()) {
      long value = 0;
      boolean more = true;
      for (int i = 0; more; i++) {
        int digit = at < text.length() ? text.charAt(at) - ZERO : -1;
        if (digit < 0 || digit >= 2 * MORE || i == MOST) {
          throw new IllegalArgumentException(
              at == text.length()
                  ? "compressed runs end within a number"
                  : "compressed runs cannot have the character at position " + at);
        }
        at++;
        value |= (long) (digit & LOW) << BITS * i;
        more = (digit & MORE) != 0;
        if (!more && (digit & SIGN) != 0) {
          value |= -1L << BITS * (i + 1);
        }
      }
      long count = runs > 2 ? value + counts[runs - 2] : value;
      if (count < 0 || count > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("run " + runs + " has the length " + count);
      }
      counts[runs++] = (int) count;
    }
    return Arrays.copyOf(counts, runs);
  }
}
