package org.spike2former.data.config;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys as people write them, {@code optimizer.groups[0].lr_factor}, as places in a tree. */
final class KeyPath {
  private static final Pattern STEP = Pattern.compile("([^.\\[\\]]*)((?:\\[\\d{1,6}])*)(\\.|$)");
  private static final Pattern INDEX = Pattern.compile("\\[(\\d+)]");

  private KeyPath() {}

  /**
   * The place of a key below another.
   *
   * @param key empty: the place itself
   * @throws IllegalArgumentException if it is not written as a key
   */
  static JsonPointer under(JsonPointer at, String key) {
    JsonPointer place = at;
    Matcher step = STEP.matcher(key);
    int end = 0;
    for (; end < key.length() && step.find(end) && step.start() == end; end = step.end()) {
      if (!step.group(1).isEmpty()) {
        place = place.appendProperty(step.group(1));
      } else if (end > 0 || step.group(2).isEmpty()) {
        break;
      }
      for (Matcher index = INDEX.matcher(step.group(2)); index.find(); ) {
        place = place.appendIndex(Integer.parseInt(index.group(1)));
      }
    }
    if (end < key.length() || key.endsWith(".")) {
      throw new IllegalArgumentException("expected a key such as a.b or a.b[0], found " + key);
    }
    return place;
  }

  /** {@code /data/groups/0/lr} below {@code /data} as {@code groups[0].lr}. */
  static String text(JsonPointer at, JsonPointer base) {
    StringBuilder key = new StringBuilder();
    JsonPointer rest = at;
    for (int skip = base.toString().length(); !rest.matches(); rest = rest.tail()) {
      if (at.toString().length() - rest.toString().length() < skip) {
        continue;
      }
      if (rest.mayMatchElement()) {
        key.append('[').append(rest.getMatchingIndex()).append(']');
      } else {
        key.append(key.isEmpty() ? "" : ".").append(rest.getMatchingProperty());
      }
    }
    return key.toString();
  }
}
