package org.spike2former.data.config;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Keys and values, each with the place where it was written, and what can be done with them: set
 * one, lay other keys over them, put a file in the place of one.
 */
final class PlacedTree {
  private static final JsonPointer ROOT = JsonPointer.empty();

  /** Sections that may be a text, and the key that the text is short for. */
  private static final Map<String, String> SHORT =
      Map.of("model", ConfigBases.KEY, "data", ConfigBases.KEY, "output", "folder");

  private final ObjectNode root;
  private final Map<JsonPointer, Place> places = new HashMap<>();

  /**
   * Where a key was written.
   *
   * @param line 0: in no line
   * @param base what leads to the file's root in this tree
   */
  record Place(Path file, int line, JsonPointer base) {}

  PlacedTree() {
    this(JsonNodeFactory.instance.objectNode());
  }

  private PlacedTree(ObjectNode root) {
    this.root = root;
  }

  /** A tree from a file, with the lines of its keys. */
  static PlacedTree of(Path file, ObjectNode root, Map<JsonPointer, Integer> lines) {
    PlacedTree tree = new PlacedTree(root);
    lines.forEach((at, line) -> tree.places.put(at, new Place(file, line, ROOT)));
    return tree;
  }

  PlacedTree copy() {
    PlacedTree copy = new PlacedTree(root.deepCopy());
    copy.places.putAll(places);
    return copy;
  }

  ObjectNode root() {
    return root;
  }

  /** Where a key, or the nearest around it, was written; null if that is nowhere. */
  Place place(JsonPointer at) {
    for (JsonPointer near = at; near != null; near = near.head()) {
      if (places.containsKey(near)) {
        return places.get(near);
      }
    }
    return null;
  }

  /**
   * Sets a key; objects that are missing around it are made.
   *
   * @throws IllegalArgumentException if something around it is neither a list nor has keys
   */
  void set(JsonPointer at, JsonNode value, Place place) {
    if (at.head().matches()) {
      put(at, value);
    } else {
      openShort(at.getMatchingProperty());
      switch (holder(at.head())) {
        case ObjectNode object -> object.set(at.last().getMatchingProperty(), value);
        case ArrayNode array when at.last().mayMatchElement() -> array.set(index(array, at), value);
        case JsonNode other -> throw holdsNone(at.head(), other);
      }
    }
    forgetBelow(at);
    places.put(at, place);
  }

  /** Of a section that a text is short for, the text is the value of one of its keys. */
  private void put(JsonPointer at, JsonNode value) {
    String key = at.getMatchingProperty();
    String inner = SHORT.get(key);
    boolean isPart = inner != null && !inner.equals(ConfigBases.KEY) && value.isTextual();
    if (isPart && root.get(key) instanceof ObjectNode section) {
      section.set(inner, value);
    } else {
      root.set(key, value);
    }
  }

  /** Makes keys of the text that stands for them. */
  void openShort(String key) {
    if (SHORT.containsKey(key) && root.path(key).isTextual()) {
      JsonNode text = root.get(key);
      root.putObject(key).set(SHORT.get(key), text);
    }
  }

  private JsonNode holder(JsonPointer at) {
    if (at.matches()) {
      return root;
    }
    JsonNode around = holder(at.head());
    JsonNode found =
        switch (around) {
          case ObjectNode object -> object.get(at.last().getMatchingProperty());
          case ArrayNode array when at.last().mayMatchElement() -> array.get(index(array, at));
          case JsonNode other -> throw holdsNone(at.head(), other);
        };
    return (found == null || found.isNull()) && around instanceof ObjectNode object
        ? object.putObject(at.last().getMatchingProperty())
        : found;
  }

  private static int index(ArrayNode array, JsonPointer at) {
    int index = at.last().getMatchingIndex();
    if (index >= array.size()) {
      throw new IllegalArgumentException(
          KeyPath.text(at.head(), ROOT)
              + " has no item ["
              + index
              + "]; it has "
              + array.size()
              + ", counted from [0]");
    }
    return index;
  }

  private static IllegalArgumentException holdsNone(JsonPointer at, JsonNode found) {
    String key = KeyPath.text(at.last(), ROOT);
    return new IllegalArgumentException(
        found.isArray()
            ? key + " is a list, whose items are " + key + "[0] and so on"
            : key + " holds no keys");
  }

  private void forgetBelow(JsonPointer at) {
    String below = at + "/";
    places.keySet().removeIf(key -> key.toString().startsWith(below));
  }

  /**
   * Lays another tree over this one: its keys go first, its lists replace lists as a whole. A
   * section that names a base of its own starts from it, not from what was there.
   */
  void lay(PlacedTree over) {
    over.root
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().isObject()) {
                openShort(entry.getKey());
              }
            });
    lay(ROOT, root, over, over.root);
    root.remove(ConfigBases.KEY);
  }

  private void lay(JsonPointer at, ObjectNode under, PlacedTree over, ObjectNode upper) {
    for (Map.Entry<String, JsonNode> entry : upper.properties()) {
      JsonPointer place = at.appendProperty(entry.getKey());
      if (entry.getValue() instanceof ObjectNode object
          && under.get(entry.getKey()) instanceof ObjectNode kept
          && !object.has(ConfigBases.KEY)) {
        lay(place, kept, over, object);
      } else {
        if (at.matches()) {
          put(place, entry.getValue());
        } else {
          under.set(entry.getKey(), entry.getValue());
        }
        forgetBelow(place);
        String below = place + "/";
        over.places.forEach(
            (key, written) -> {
              if (key.equals(place) || key.toString().startsWith(below)) {
                places.put(key, written);
              }
            });
      }
    }
  }

  /** Puts a file's content in the place of a key. */
  void include(String key, Path file, PlacedTree other) {
    root.set(key, other.root);
    JsonPointer at = ROOT.appendProperty(key);
    forgetBelow(at);
    places.put(at, new Place(file, 0, at));
    other.places.forEach(
        (inner, place) ->
            places.put(at.append(inner), new Place(place.file, place.line, at.append(place.base))));
  }
}
