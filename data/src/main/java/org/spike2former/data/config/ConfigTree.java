package org.spike2former.data.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.spike2former.data.config.PlacedTree.Place;
import org.spike2former.tensor.io.Limit;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * A configuration file as a tree that knows from which file and line its keys come. Keys can be
 * overridden, other files included, and the whole or a section bound to a record.
 */
public final class ConfigTree {
  private static final String BYTES = "s2f.max-config-bytes";

  /** Bytes of a JSON file. */
  private static final Limit JSON_BYTES = new Limit(BYTES, 1 << 20);

  /** Bytes of a YAML file, whose parser takes memory by the square of a text's length. */
  private static final Limit YAML_BYTES = new Limit(BYTES, 96 << 10);

  private static final String NOT_UTF_8 = "not UTF-8 text; save the file in that encoding";
  private static final JsonPointer ROOT = JsonPointer.empty();

  private final Path file;
  private final boolean isYaml;
  private final PlacedTree tree;

  private ConfigTree(Path file, boolean isYaml, PlacedTree tree) {
    this.file = file;
    this.isYaml = isYaml;
    this.tree = tree;
  }

  /**
   * Reads a YAML file, see {@link StrictYaml}.
   *
   * @throws IOException "FILE: what is wrong"
   */
  public static ConfigTree readYaml(Path file) throws IOException {
    byte[] content = content(file, "YAML", YAML_BYTES);
    StrictYaml.Document document;
    try {
      document = StrictYaml.document(content);
    } catch (IOException e) {
      throw new ConfigException(file, 0, "", e.getMessage(), e);
    }
    if (!(document.tree() instanceof ObjectNode object)) {
      throw new ConfigException(file, "expected keys and values");
    }
    PlacedTree placed = PlacedTree.of(file, object, document.lines());
    ConfigTree whole = new ConfigTree(file, true, placed);
    whole.refuseNul(ROOT, object);
    return whole;
  }

  /**
   * Reads a JSON file.
   *
   * @throws IOException "FILE: what is wrong"
   */
  public static ConfigTree readJson(Path file) throws IOException {
    return ofJson(file, content(file, "JSON", JSON_BYTES));
  }

  /**
   * The tree of a JSON text.
   *
   * @param file named in errors
   * @param content UTF-8
   */
  public static ConfigTree ofJson(Path file, byte[] content) throws ConfigException {
    try {
      // Jackson would guess UTF-16 and UTF-32 too, and take a cut letter for something else.
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
      JsonNode tree = StrictMapper.MAPPER.readTree(content);
      if (!(tree instanceof ObjectNode object)) {
        throw new ConfigException(file, "expected a JSON object");
      }
      try (JsonParser parser = StrictMapper.MAPPER.createParser(content)) {
        PlacedTree placed = PlacedTree.of(file, object, StrictYaml.lines(parser));
        ConfigTree whole = new ConfigTree(file, false, placed);
        whole.refuseNul(ROOT, object);
        return whole;
      }
    } catch (ConfigException e) {
      throw e;
    } catch (CharacterCodingException e) {
      throw new ConfigException(file, 0, "", NOT_UTF_8, e);
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
      String what = e.getOriginalMessage().strip().replaceAll("\\s+", " ");
      boolean encoding = what.contains("CharConversionException") || what.contains("Invalid UTF-8");
      throw new ConfigException(file, 0, "", encoding ? NOT_UTF_8 : "not JSON: " + where + what, e);
    } catch (IOException e) {
      throw new ConfigException(file, 0, "", e.getMessage(), e);
    }
  }

  private static byte[] content(Path file, String format, Limit limit) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new ConfigException(file, Files.exists(file) ? "is not a file" : "no such file");
    }
    if (Files.size(file) > limit.value()) {
      throw new ConfigException(
          file,
          "expected a small "
              + format
              + " file, found "
              + Files.size(file)
              + " B; the limit is "
              + limit);
    }
    return Files.readAllBytes(file);
  }

  /** A tree of its own with the same keys. */
  public ConfigTree copy() {
    return new ConfigTree(file, isYaml, tree.copy());
  }

  /** The keys and values; changes are changes of the tree. */
  public ObjectNode root() {
    return tree.root();
  }

  /** Whether a key is there. */
  public boolean has(String key) {
    return root().has(key);
  }

  /** The text of a key; null if it holds none. */
  public String text(String key) {
    return root().path(key).textValue();
  }

  /**
   * Sets {@code a.b[0].c=value}; the value is YAML, so {@code [1, 2]} is a list, and nothing resets
   * the key to its default.
   *
   * @throws IllegalArgumentException "--set a.b=value: what is wrong"
   */
  public void override(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("--set " + assignment + ": expected key=value");
    }
    try {
      JsonPointer at = KeyPath.under(ROOT, assignment.substring(0, equals));
      JsonNode value =
          StrictYaml.read(assignment.substring(equals + 1).getBytes(StandardCharsets.UTF_8));
      if (value.isTextual() && value.textValue().indexOf('\0') >= 0) {
        throw new IllegalArgumentException("holds the character NUL");
      }
      JsonNode node = value.isMissingNode() ? root().nullNode() : value;
      tree.set(at, node, new Place(file, 0, ROOT));
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException("--set " + assignment + ": " + e.getMessage(), e);
    }
  }

  /** Sets a key, such as "model.head.classes". */
  public void set(String key, int value) {
    tree.set(KeyPath.under(ROOT, key), root().numberNode(value), new Place(file, 0, ROOT));
  }

  /** Makes keys of a section that is a text which is short for them, such as an output's folder. */
  public void openShort(String section) {
    tree.openShort(section);
  }

  /** A tree of this file in which these, the last before the first, say what this one does not. */
  ConfigTree over(List<ConfigTree> bases) {
    PlacedTree whole = new PlacedTree();
    bases.forEach(base -> whole.lay(base.tree));
    whole.lay(tree);
    return new ConfigTree(file, isYaml, whole);
  }

  /** Puts another file's content in the place of a key. */
  public void include(String key, ConfigTree other) {
    tree.include(key, other.file, other.tree);
  }

  /** Puts files below the keys of a section, or in the place of a text. */
  void include(String section, List<ConfigTree> bases) {
    PlacedTree own = tree.copy();
    include(section, bases.getFirst());
    for (ConfigTree base : bases.subList(1, bases.size())) {
      PlacedTree holder = new PlacedTree();
      holder.include(section, base.file, base.tree);
      tree.lay(holder);
    }
    if (own.root().get(section) instanceof ObjectNode object) {
      object.remove(ConfigBases.KEY);
      own.root().retain(section);
      tree.lay(own);
    }
  }

  /**
   * The tree as a record.
   *
   * @throws ConfigException "FILE: line N: KEY: what is wrong"
   */
  public <T> T bind(Class<T> type) throws ConfigException {
    return bind(ROOT, type);
  }

  /** The object under a key as a record; other keys are not looked at. */
  public <T> T bind(String section, Class<T> type) throws ConfigException {
    return bind(ROOT.appendProperty(section), type);
  }

  private <T> T bind(JsonPointer section, Class<T> type) throws ConfigException {
    JsonNode node = root().at(section);
    if (!node.isObject()) {
      throw error(section, node.isMissingNode() ? "missing" : "expected keys and values", null);
    }
    if (!isYaml) {
      refuseNull(section, node);
    }
    try {
      return StrictMapper.MAPPER
          .readerFor(type)
          .withAttribute(StrictMapper.IS_YAML, isYaml)
          .readValue(node);
    } catch (JsonProcessingException e) {
      BindingError error = BindingError.of(e, node);
      throw error(section.append(error.at()), error.problem(), e);
    } catch (IOException e) {
      throw error(section, e.getMessage(), e);
    }
  }

  /** In YAML a key may be left without a value; in JSON null is written on purpose. */
  private void refuseNull(JsonPointer at, JsonNode node) throws ConfigException {
    if (node.isNull()) {
      throw error(at, "expected a value, found null", null);
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      refuseNull(at.appendProperty(entry.getKey()), entry.getValue());
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      refuseNull(at.appendIndex(i), node.get(i));
    }
  }

  /** No key and no value has this character, which ends the name of a file for the system. */
  private void refuseNul(JsonPointer at, JsonNode node) throws ConfigException {
    if (node.isTextual() && node.textValue().indexOf('\0') >= 0) {
      throw error(at, "holds the character NUL", null);
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      refuseNul(at.appendProperty(entry.getKey()), entry.getValue());
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      refuseNul(at.appendIndex(i), node.get(i));
    }
  }

  /** An error about the value of a key, such as "data.classes". */
  public ConfigException error(String key, String problem) {
    return error(KeyPath.under(ROOT, key), problem, null);
  }

  private ConfigException error(JsonPointer at, String problem, Throwable cause) {
    Place written = tree.place(at);
    Place place = written == null ? new Place(file, 0, ROOT) : written;
    return new ConfigException(
        place.file(), place.line(), KeyPath.text(at, place.base()), problem, cause);
  }

  /** The keys of a value, defaults included, as a tree. */
  public static JsonNode tree(Object value) {
    return StrictMapper.MAPPER.valueToTree(value);
  }

  /** A YAML text of a tree, as runs keep it. */
  public static byte[] write(JsonNode tree) throws IOException {
    return new YAMLMapper().writeValueAsBytes(tree);
  }

  /** A YAML text of a record for people: short lists and objects are in one line each. */
  public static String print(Object value) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.AUTO);
    options.setWidth(100);
    return new Yaml(options).dump(StrictMapper.MAPPER.convertValue(value, Map.class));
  }
}
