package org.spike2former.data.table;

import java.util.Locale;
import java.util.function.Function;

/**
 * A column of a {@link Table}.
 *
 * @param name its header, and its key in CSV and JSON
 * @param align where its text stands
 * @param width characters that it has at least
 * @param format of {@link String#format}, for text; other output takes the value as it is
 * @param value of a row; there is none where it is null or NaN
 */
public record Column<R>(String name, Align align, int width, String format, Function<R, ?> value) {
  /** Words stand at the left, numbers at the right. */
  public enum Align {
    LEFT,
    RIGHT
  }

  /** Of a table that is not printed as text. */
  public static <R> Column<R> of(String name, Function<R, ?> value) {
    return left(name, 0, value);
  }

  public static <R> Column<R> left(String name, int width, Function<R, ?> value) {
    return new Column<>(name, Align.LEFT, width, "%s", value);
  }

  public static <R> Column<R> left(String name, Function<R, ?> value) {
    return left(name, 0, value);
  }

  public static <R> Column<R> right(String name, int width, Function<R, ?> value) {
    return right(name, width, "%s", value);
  }

  public static <R> Column<R> right(String name, int width, String format, Function<R, ?> value) {
    return new Column<>(name, Align.RIGHT, width, format, value);
  }

  /** The value of a row; null where there is none. */
  Object valueOf(R row) {
    Object found = value.apply(row);
    return found instanceof Double x && Double.isNaN(x) ? null : found;
  }

  /** The value as text; blank where there is none. */
  String text(R row) {
    Object found = valueOf(row);
    return found == null ? "" : String.format(Locale.ROOT, format, found);
  }
}
