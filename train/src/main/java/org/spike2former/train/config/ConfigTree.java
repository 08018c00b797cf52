package org.spike2former.train.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.spike2former.data.ConfigNode;
import org.spike2former.data.StrictYaml;
import org.spike2former.tensor.io.FormatException;

/** A YAML file as a tree whose keys can be overridden, and its binding to records. */
public final class ConfigTree {
  private static final ObjectMapper YAML =
      YAMLMapper.builder(new YAMLFactory())
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  private final Path file;
  private final ObjectNode root;

  private ConfigTree(Path file, ObjectNode root) {
    this.file = file;
    this.root = root;
  }

  /**
   * Reads a YAML file.
   *
   * @throws IOException naming the file and what is wrong
   */
  static ConfigTree read(Path file) throws IOException {
    JsonNode node = ConfigNode.readYamlTree(file);
    if (!(node instanceof ObjectNode object)) {
      throw new FormatException(file, "expected a YAML file of keys and values");
    }
    return new ConfigTree(file, object);
  }

  /** Sets {@code a.b=value}; the value is YAML, so {@code [1, 2]} is a list. */
  void override(String assignment) throws IOException {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("--set " + assignment + ": expected key=value");
    }
    String[] path = assignment.substring(0, equals).split("\\.", -1);
    JsonNode value;
    try {
      value = StrictYaml.read(assignment.substring(equals + 1));
    } catch (IOException e) {
      throw new IllegalArgumentException("--set " + assignment + ": " + e.getMessage(), e);
    }
    ObjectNode node = root;
    for (int i = 0; i < path.length - 1; i++) {
      JsonNode child = node.get(path[i]);
      if (child == null || child.isNull()) {
        child = node.putObject(path[i]);
      }
      if (!(child instanceof ObjectNode object)) {
        throw new IllegalArgumentException(
            "--set " + assignment + ": " + path[i] + " holds no keys");
      }
      node = object;
    }
    if (value.isMissingNode()) {
      node.putNull(path[path.length - 1]);
    } else {
      node.set(path[path.length - 1], value);
    }
  }

  /** Puts the content of {@code folder/NAME.yaml} in the place of a section that is a name. */
  void include(String section, Path folder) throws IOException {
    JsonNode node = root.get(section);
    if (node != null && node.isTextual()) {
      Path included = folder.resolve(node.textValue() + ".yaml");
      if (!Files.isRegularFile(included)) {
        throw new FormatException(
            file, section + ": " + node.textValue() + " is no name in " + folder);
      }
      root.set(section, read(included).root);
    }
  }

  ObjectNode root() {
    return root;
  }

  /**
   * The tree as a record.
   *
   * @throws FormatException "FILE: key: what is wrong"
   */
  <T> T bind(Class<T> type) throws FormatException {
    try {
      return YAML.treeToValue(root, type);
    } catch (JsonProcessingException e) {
      throw new FormatException(file, describe(e), e);
    }
  }

  /** A YAML text of a value's fields. */
  public static byte[] write(Object value) throws IOException {
    return YAML.writeValueAsBytes(value);
  }

  private static String describe(JsonProcessingException e) {
    String key = "";
    if (e instanceof JsonMappingException mapping) {
      key =
          mapping.getPath().stream()
              .map(JsonMappingException.Reference::getFieldName)
              .filter(Objects::nonNull)
              .collect(Collectors.joining("."));
    }
    String message;
    if (e.getCause() instanceof IllegalArgumentException cause) {
      return cause.getMessage();
    } else if (e instanceof UnrecognizedPropertyException unknown) {
      List<Object> known = List.copyOf(unknown.getKnownPropertyIds());
      message =
          "unknown key; known are "
              + known.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
    } else {
      message = e.getOriginalMessage().lines().findFirst().orElse("");
    }
    return key.isEmpty() ? message : key + ": " + message;
  }
}
