package org.spike2former.data.coco;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * By what an image is named: a number or a text. Numbers come before texts.
 *
 * @param number 0 for a text
 * @param text null for a number
 */
public record CocoId(long number, String text) implements Comparable<CocoId> {
  /** A number. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static CocoId of(long number) {
    return new CocoId(number, null);
  }

  /** A text. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static CocoId of(String text) {
    return new CocoId(0, text);
  }

  @Override
  public int compareTo(CocoId other) {
    if (text == null || other.text == null) {
      return text == other.text ? Long.compare(number, other.number) : text == null ? -1 : 1;
    }
    return text.compareTo(other.text);
  }

  /** What files have. */
  @JsonValue
  Object value() {
    return text == null ? (Object) number : text;
  }

  @Override
  public String toString() {
    return text == null ? Long.toString(number) : text;
  }
}
