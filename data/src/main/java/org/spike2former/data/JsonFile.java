package org.spike2former.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** One object of a JSON file, read strictly: every failure is "FILE: key: what is wrong". */
final class JsonFile {
  private static final long MAX_BYTES = 1 << 20;
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Path file;
  private final String prefix;
  private final JsonNode node;

  private JsonFile(Path file, String prefix, JsonNode node, Set<String> keys) throws IOException {
    this.file = file;
    this.prefix = prefix;
    this.node = node;
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!keys.contains(name)) {
        throw error(name, "unknown key");
      }
    }
  }

  /** The object that a file holds; keys other than these are refused. */
  static JsonFile read(Path file, Set<String> keys) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + ": no such file");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(
          file + ": expected a small JSON file, found " + Files.size(file) + " B");
    }
    JsonNode node;
    try {
      node = MAPPER.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
      String what = e.getOriginalMessage().strip().replaceAll("\\s+", " ");
      throw new IOException(file + ": not JSON: " + where + what, e);
    }
    if (!node.isObject()) {
      throw new IOException(file + ": expected a JSON object");
    }
    return new JsonFile(file, "", node, keys);
  }

  IOException error(String key, String what) {
    return new IOException(file + ": " + prefix + key + ": " + what);
  }

  boolean has(String key) {
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
  JsonFile object(String key, Set<String> keys) throws IOException {
    JsonNode value = get(key, "an object");
    if (!value.isObject()) {
      throw unexpected(key, "an object", value);
    }
    return new JsonFile(file, prefix + key + ".", value, keys);
  }

  String string(String key) throws IOException {
    JsonNode value = get(key, "a string");
    if (!value.isTextual()) {
      throw unexpected(key, "a string", value);
    }
    return value.textValue();
  }

  int integer(String key, int min, int max) throws IOException {
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
  double[] numbers(String key, int count) throws IOException {
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

  List<String> strings(String key) throws IOException {
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
  int[] colors(String key) throws IOException {
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
