package org.spike2former.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One object of a JSON or YAML file, read strictly: every failure is an {@link IOException} "FILE:
 * key: what is wrong".
 */
public final class ConfigNode {
  private static final long MAX_BYTES = 1 << 20;
  private static final JsonNode EMPTY = JsonNodeFactory.instance.objectNode();
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Path file;
  private final String prefix;
  private final JsonNode node;

  private ConfigNode(Path file, String prefix, JsonNode node, Set<String> keys) throws IOException {
    this.file = file;
    this.prefix = prefix;
    this.node = node;
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!keys.contains(name)) {
        throw error(name, "unknown key; known are " + String.join(", ", new TreeSet<>(keys)));
      }
    }
  }

  /** The object that a JSON file holds; keys other than these are refused. */
  public static ConfigNode readJson(Path file, Set<String> keys) throws IOException {
    JsonNode tree = parse(file);
    if (!tree.isObject()) {
      throw new IOException(file + ": expected a JSON object");
    }
    return of(file, "", tree, keys);
  }

  /**
   * What a YAML file holds, as {@link StrictYaml} reads it; the parts of it are for {@link #of}.
   *
   * @throws IOException "FILE: what is wrong"
   */
  public static JsonNode readYamlTree(Path file) throws IOException {
    byte[] content = content(file, "YAML");
    try {
      return StrictYaml.read(content);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * An object inside a file.
   *
   * @param file named in errors
   * @param prefix what errors put before a key, such as "data."
   */
  public static ConfigNode of(Path file, String prefix, JsonNode node, Set<String> keys)
      throws IOException {
    if (node == null || !node.isObject()) {
      String where = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1) + ": ";
      throw new IOException(file + ": " + where + "expected keys and values");
    }
    return new ConfigNode(file, prefix, node, keys);
  }

  private static byte[] content(Path file, String format) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + (Files.exists(file) ? ": is not a file" : ": no such file"));
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(
          file + ": expected a small " + format + " file, found " + Files.size(file) + " B");
    }
    return Files.readAllBytes(file);
  }

  private static JsonNode parse(Path file) throws IOException {
    byte[] content = content(file, "JSON");
    try {
      return JSON.readTree(content);
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
      String what = e.getOriginalMessage().strip().replaceAll("\\s+", " ");
      if (what.contains("CharConversionException") || what.contains("Invalid UTF-8")) {
        throw new IOException(file + ": not UTF-8 text; save the file in that encoding", e);
      }
      throw new IOException(file + ": not JSON: " + where + what, e);
    }
  }

  /** An error about a key's value. */
  public IOException error(String key, String what) {
    return new IOException(file + ": " + prefix + key + ": " + what);
  }

  /** Whether the key is there. */
  public boolean has(String key) {
    return node.has(key);
  }

  private JsonNode get(String key, String expected) throws IOException {
    JsonNode value = node.get(key);
    if (value == null) {
      throw error(key, "missing; expected " + expected);
    }
    return value;
  }

  private IOException unexpected(String key, String expected, JsonNode found) {
    String text = found.toString();
    return error(
        key,
        "expected "
            + expected
            + ", found "
            + (text.length() > 60 ? text.substring(0, 60) + "…" : text));
  }

  /** The object under a key; keys in it other than these are refused. */
  public ConfigNode object(String key, Set<String> keys) throws IOException {
    JsonNode value = get(key, "an object");
    if (!value.isObject()) {
      throw unexpected(key, "an object", value);
    }
    return new ConfigNode(file, prefix + key + ".", value, keys);
  }

  /** A string. */
  public String string(String key) throws IOException {
    JsonNode value = get(key, "a string");
    if (!value.isTextual()) {
      throw unexpected(key, "a string", value);
    }
    return value.textValue();
  }

  /** An integer from {@code min} to {@code max}. */
  public int integer(String key, int min, int max) throws IOException {
    String expected = "an integer from " + min + " to " + max;
    return integer(key, expected, get(key, expected), min, max);
  }

  private int integer(String key, String expected, JsonNode value, int min, int max)
      throws IOException {
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < min
        || value.intValue() > max) {
      throw unexpected(key, expected, value);
    }
    return value.intValue();
  }

  /** Finite numbers. */
  public double[] numbers(String key, int count) throws IOException {
    String expected = "a list of " + count + " numbers";
    JsonNode value = get(key, expected);
    if (!value.isArray() || value.size() != count) {
      throw unexpected(key, expected, value);
    }
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = value.get(i).isNumber() ? value.get(i).doubleValue() : Double.NaN;
      if (!Double.isFinite(numbers[i])) {
        throw unexpected(key, expected, value);
      }
    }
    return numbers;
  }

  /** true or false. */
  public boolean flag(String key) throws IOException {
    JsonNode value = get(key, "true or false");
    if (!value.isBoolean()) {
      throw unexpected(key, "true or false", value);
    }
    return value.booleanValue();
  }

  /** A number from {@code min} to {@code max}. */
  public double number(String key, double min, double max) throws IOException {
    String expected = "a number from " + min + " to " + max;
    JsonNode value = get(key, expected);
    if (!value.isNumber() || !(value.doubleValue() >= min && value.doubleValue() <= max)) {
      throw unexpected(key, expected, value);
    }
    return value.doubleValue();
  }

  /** A list of integers, each from {@code min} to {@code max}. */
  public int[] integers(String key, int min, int max) throws IOException {
    String expected = "a list of integers from " + min + " to " + max;
    JsonNode value = get(key, expected);
    if (!value.isArray() || value.isEmpty()) {
      throw unexpected(key, expected, value);
    }
    int[] integers = new int[value.size()];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = integer(key, expected, value.get(i), min, max);
    }
    return integers;
  }

  /** One of the words. */
  public String word(String key, List<String> words) throws IOException {
    String value = string(key);
    if (!words.contains(value)) {
      throw error(key, "expected " + String.join(" | ", words) + ", found " + value);
    }
    return value;
  }

  /** Whether the value is a list. */
  public boolean isList(String key) {
    return node.path(key).isArray();
  }

  /**
   * A list of steps, each written {@code - name} or {@code - name: {key: value}}: for every item
   * its only key, and the object under it (empty where there is none).
   */
  public List<Step> steps(String key, Map<String, Set<String>> keysOfNames) throws IOException {
    String expected = "a list of steps, such as \"- random_flip: {probability: 0.5}\"";
    JsonNode value = get(key, expected);
    if (!value.isArray()) {
      throw unexpected(key, expected, value);
    }
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      JsonNode item = value.get(i);
      String where = key + "[" + i + "]";
      if (!item.isTextual() && !(item.isObject() && item.size() == 1)) {
        throw unexpected(where, "one step", item);
      }
      String name = item.isTextual() ? item.textValue() : item.fieldNames().next();
      Set<String> keys = keysOfNames.get(name);
      if (keys == null) {
        throw error(
            where,
            "unknown step "
                + name
                + "; known are "
                + String.join(", ", new TreeSet<>(keysOfNames.keySet())));
      }
      JsonNode body = item.isTextual() || item.get(name).isNull() ? EMPTY : item.get(name);
      steps.add(new Step(name, of(file, prefix + where + "." + name + ".", body, keys)));
    }
    return steps;
  }

  /**
   * One step of a list.
   *
   * @param name what to do
   * @param node its settings
   */
  public record Step(String name, ConfigNode node) {}

  /** A list of strings. */
  public List<String> strings(String key) throws IOException {
    String expected = "a list of strings";
    JsonNode value = get(key, expected);
    if (!value.isArray()) {
      throw unexpected(key, expected, value);
    }
    List<String> strings = new ArrayList<>();
    for (JsonNode item : value) {
      if (!item.isTextual()) {
        throw unexpected(key, expected, value);
      }
      strings.add(item.textValue());
    }
    return strings;
  }

  /** A list of colours [red, green, blue], as 0xRRGGBB. */
  public int[] colors(String key) throws IOException {
    String expected = "a list of [red, green, blue], each from 0 to 255";
    JsonNode value = get(key, expected);
    if (!value.isArray()) {
      throw unexpected(key, expected, value);
    }
    int[] colors = new int[value.size()];
    for (int i = 0; i < colors.length; i++) {
      JsonNode color = value.get(i);
      if (!color.isArray() || color.size() != 3) {
        throw unexpected(key, expected, color);
      }
      for (JsonNode channel : color) {
        colors[i] = colors[i] << 8 | integer(key, expected, channel, 0, 255);
      }
    }
    return colors;
  }
}
