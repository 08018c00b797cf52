package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.spike2former.data.config.ConfigBases;

/**
 * The schema of a file that may build on another: with the key base nothing must be given, because
 * the base may have it; without, it is the schema of the whole file.
 */
final class BaseSchema {
  private static final String PROPERTIES = "properties";
  private static final String REQUIRED = "required";

  private BaseSchema() {}

  /**
   * Adds the key to a file and to some of its sections.
   *
   * @param whole the schema without it
   * @param sections that may be a text or an object
   */
  static ObjectNode of(ObjectNode whole, List<String> sections) {
    ObjectNode result = whole.objectNode();
    for (String key : List.of("$schema", "definitions")) {
      if (whole.has(key)) {
        result.set(key, whole.remove(key));
      }
    }
    ObjectNode part = part(whole);
    for (String section : sections) {
      addBase(alternatives(part, section).get(1), "file");
      ArrayNode either = alternatives(whole, section);
      ObjectNode other = part((ObjectNode) either.get(1));
      addBase(other, "file").putArray(REQUIRED).add(ConfigBases.KEY);
      either.add(other);
    }
    result.putObject("if").putArray(REQUIRED).add(ConfigBases.KEY);
    result.set("then", addBase(part, "file, relative to this one"));
    result.set("else", addBase(whole, "file, relative to this one"));
    return result;
  }

  private static ArrayNode alternatives(ObjectNode schema, String section) {
    return (ArrayNode) schema.get(PROPERTIES).get(section).get("anyOf");
  }

  /** The same, but that nothing is required. */
  private static ObjectNode part(ObjectNode schema) {
    ObjectNode part = schema.deepCopy();
    List<JsonNode> owners = part.findParents(REQUIRED);
    owners.stream()
        .map(ObjectNode.class::cast)
        .filter(owner -> owner.get(REQUIRED).isArray())
        .forEach(owner -> owner.remove(REQUIRED));
    return part;
  }

  private static ObjectNode addBase(JsonNode schema, String file) {
    ObjectNode base = ((ObjectNode) schema.get(PROPERTIES)).putObject(ConfigBases.KEY);
    base.put(
        "description",
        "what this builds on, key by key: the name or the path of a "
            + file
            + "; of several the later override the earlier");
    ArrayNode either = base.putArray("anyOf");
    either.addObject().put("type", "string");
    either.addObject().put("type", "array").putObject("items").put("type", "string");
    return (ObjectNode) schema;
  }

  /** No longer asks for a key, which has a value of its own where it is absent. */
  static void relax(ObjectNode schema, String key) {
    ArrayNode required = (ArrayNode) schema.get(REQUIRED);
    List<JsonNode> kept =
        StreamSupport.stream(required.spliterator(), false)
            .filter(each -> !each.textValue().equals(key))
            .toList();
    required.removeAll().addAll(kept);
  }
}
