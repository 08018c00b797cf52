package org.spike2former.data.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.NamingBase;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** What the keys of a record are called, what they may hold, and whether they hold it. */
public final class Ranges {
  private static final NamingBase SNAKE_CASE = (NamingBase) PropertyNamingStrategies.SNAKE_CASE;

  private Ranges() {}

  /**
   * Checks that required components are there and numbers are in their {@link Range}; for compact
   * constructors.
   *
   * @param values of all components, in their order; null: not given
   * @throws BadValueException for the first that is not
   */
  public static void check(Class<? extends Record> type, Object... values) {
    RecordComponent[] components = type.getRecordComponents();
    if (components.length != values.length) {
      throw new IllegalStateException(type + " has " + components.length + " components");
    }
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null && isRequired(components[i])) {
        throw missing(components[i]);
      }
      Range range = components[i].getAnnotation(Range.class);
      if (values[i] != null && range != null) {
        check(key(components[i]), components[i], range, values[i]);
      }
    }
  }

  /**
   * Checks that a key is there which a record needs only with some values of its other keys.
   *
   * @throws BadValueException if it is not
   */
  public static void require(Class<? extends Record> type, String key, Object value) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (value == null && key(component).equals(key)) {
        throw missing(component);
      }
    }
  }

  private static BadValueException missing(RecordComponent component) {
    return new BadValueException(key(component), "missing; expected " + expected(component));
  }

  /**
   * Checks a regular expression.
   *
   * @throws BadValueException if it is none
   */
  public static void checkPattern(String key, String pattern) {
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new BadValueException(key, pattern + ": " + e.getDescription());
    }
  }

  /**
   * Checks that of two numbers the smaller comes first.
   *
   * @throws BadValueException if it does not
   */
  public static void checkAscending(String key, List<Double> range) {
    if (range.get(0) > range.get(1)) {
      throw BadValueException.of(key, "two numbers, the smaller first", range);
    }
  }

  /**
   * Checks that a list has an item.
   *
   * @throws BadValueException if it is empty
   */
  public static void checkNotEmpty(String key, List<?> list) {
    if (list.isEmpty()) {
      throw new BadValueException(key, "expected at least one item, found []");
    }
  }

  /** The key of a component, as files have it. */
  public static String key(RecordComponent component) {
    return SNAKE_CASE.translate(component.getName());
  }

  /** What files call a constant. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether a key must be there. */
  public static boolean isRequired(RecordComponent component) {
    try {
      JsonProperty property =
          component
              .getDeclaringRecord()
              .getDeclaredField(component.getName())
              .getAnnotation(JsonProperty.class);
      return property != null && property.required();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void check(String key, RecordComponent component, Range range, Object value) {
    if (!(value instanceof List<?> list)) {
      if (!holds(range, (Number) value)) {
        throw BadValueException.of(key, expected(component), value);
      }
      return;
    }
    if (range.size() != 0 && list.size() != range.size()) {
      throw BadValueException.of(key, expected(component), value);
    }
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) == null || !holds(range, (Number) list.get(i))) {
        String item = list.get(i) instanceof Integer ? "an integer" : "a number";
        throw BadValueException.of(key + "[" + i + "]", item + limits(range), list.get(i));
      }
    }
  }

  private static boolean holds(Range range, Number number) {
    double value = number.doubleValue();
    return Double.isFinite(value)
        && (range.aboveMin() ? value > range.min() : value >= range.min())
        && (range.belowMax() ? value < range.max() : value <= range.max());
  }

  /** What a component takes, such as "an integer from 1 to 8". */
  static String expected(RecordComponent component) {
    Range range = component.getAnnotation(Range.class);
    String type = expected(component.getGenericType());
    if (range == null) {
      return type;
    }
    String noun = range.size() == 0 ? type : type.replace("a list of", "a list of " + range.size());
    return noun + limits(range);
  }

  private static String limits(Range range) {
    String min = text(range.min());
    if (range.min() == Double.NEGATIVE_INFINITY) {
      return "";
    }
    if (range.max() == Double.POSITIVE_INFINITY) {
      return range.aboveMin() ? " above " + min : " of at least " + min;
    }
    return range.aboveMin()
        ? " above " + min + ", at most " + text(range.max())
        : " from " + min + " to " + (range.belowMax() ? "below " : "") + text(range.max());
  }

  /** What a type takes, such as "a list of strings". */
  static String expected(Type type) {
    if (type instanceof ParameterizedType generic
        && generic.getRawType() instanceof Class<?> raw
        && Collection.class.isAssignableFrom(raw)) {
      String item = expected(generic.getActualTypeArguments()[0]);
      return "a list of " + item.replaceFirst("^an? ", "") + (item.startsWith("a") ? "s" : "");
    }
    if (!(type instanceof Class<?> plain)) {
      return "an object";
    }
    if (plain == int.class
        || plain == Integer.class
        || plain == long.class
        || plain == Long.class) {
      return "an integer";
    }
    if (plain == double.class || plain == Double.class) {
      return "a number";
    }
    if (plain == boolean.class || plain == Boolean.class) {
      return "true or false";
    }
    if (plain == String.class || plain == Path.class) {
      return "a string";
    }
    if (plain.isEnum()) {
      return Arrays.stream(plain.getEnumConstants())
          .map(constant -> word((Enum<?>) constant))
          .collect(Collectors.joining(" | "));
    }
    return "an object";
  }

  /** A value as a file would have it. */
  static String text(Object value) {
    return switch (value) {
      case Double x when x == Math.rint(x) && Math.abs(x) < 1e9 -> Long.toString(x.longValue());
      case List<?> list ->
          list.stream().map(Ranges::text).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map -> map.toString();
      case null -> "null";
      default -> {
        String text = value.toString();
        yield text.length() > 60 ? text.substring(0, 60) + "…" : text;
      }
    };
  }
}
