package org.spike2former.fuzz.guided;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spike2former.fuzz.Target;

/** The words of a target's seeds, such as keys, types of chunks and names of classes. */
final class Dictionary {
  private static final Pattern WORD = Pattern.compile("[\\x21-\\x7e]{3,32}");
  private static final int MOST_WORDS = 500;

  private Dictionary() {}

  /** The text of a dictionary in libFuzzer's form, a word per line. */
  static String of(Target target) {
    Set<String> words = new TreeSet<>();
    for (byte[] seed : target.seeds()) {
      Matcher matcher = WORD.matcher(new String(seed, StandardCharsets.ISO_8859_1));
      while (matcher.find() && words.size() < MOST_WORDS) {
        words.add(matcher.group());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String word : words) {
      text.append('"');
      for (char letter : word.toCharArray()) {
        text.append(String.format(Locale.ROOT, "\\x%02x", (int) letter));
      }
      text.append("\"\n");
    }
    return text.toString();
  }
}
