package org.spike2former.data.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/** Words that may have been meant. */
public final class Spelling {
  private Spelling() {}

  /** "; known are A, B; did you mean B?", the latter where one is near. */
  public static String known(String word, Collection<String> known) {
    String all = known.stream().sorted().collect(Collectors.joining(", "));
    return "; known are " + all + nearest(word, known);
  }

  /** "; did you mean B?", or nothing where no known word is near. */
  public static String nearest(String word, Collection<String> known) {
    return known.stream()
        .sorted()
        .min(Comparator.comparingInt(other -> distance(word, other)))
        .filter(other -> distance(word, other) <= Math.max(1, other.length() / 3))
        .map(other -> "; did you mean " + other + "?")
        .orElse("");
  }

  /** Letters to insert, delete, replace or swap with their neighbour; capitals do not matter. */
  private static int distance(String from, String to) {
    String a = from.toLowerCase(java.util.Locale.ROOT).replace('-', '_');
    String b = to.toLowerCase(java.util.Locale.ROOT).replace('-', '_');
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        edits[i][j] = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[a.length()][b.length()];
  }
}
