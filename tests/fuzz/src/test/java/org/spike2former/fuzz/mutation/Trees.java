package org.spike2former.fuzz.mutation;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Changes a value or a key in a tree of JSON or YAML. */
public final class Trees implements Mutation {
  private static final int MOST_DEEP = 1500;
  private static final int MOST_LONG = 20_000;

  private final ObjectMapper mapper;

  private Trees(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  public static Trees ofJson() {
    JsonMapper mapper = new JsonMapper();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(10 * MOST_DEEP).build())
        .setStreamWriteConstraints(
            StreamWriteConstraints.builder().maxNestingDepth(10 * MOST_DEEP).build());
    return new Trees(mapper);
  }

  public static Trees ofYaml() {
    return new Trees(new YAMLMapper());
  }

  @Override
  public byte[] apply(byte[] file, RandomGenerator random) {
    try {
      JsonNode tree = mapper.readTree(file);
      List<JsonNode> parents = new ArrayList<>();
      collect(tree, parents);
      if (parents.isEmpty()) {
        return file;
      }
      switch (parents.get(random.nextInt(parents.size()))) {
        case ObjectNode object -> change(object, random);
        case ArrayNode array -> change(array, random);
        default -> {}
      }
      return mapper.writeValueAsBytes(tree);
    } catch (IOException _) {
      return file; // another mutation has made it no tree or no text, or one too deep to write
    }
  }

  private static void collect(JsonNode node, List<JsonNode> parents) {
    if (node != null && node.isContainerNode() && !node.isEmpty()) {
      parents.add(node);
      node.forEach(child -> collect(child, parents));
    }
  }

  private void change(ObjectNode object, RandomGenerator random) {
    List<Map.Entry<String, JsonNode>> entries = new ArrayList<>(object.properties());
    Map.Entry<String, JsonNode> entry = entries.get(random.nextInt(entries.size()));
    switch (random.nextInt(5)) {
      case 0 -> object.remove(entry.getKey());
      case 1 -> object.set(entry.getKey() + "x", entry.getValue());
      case 2 ->
          object.set(
              entry.getKey(), entries.get(random.nextInt(entries.size())).getValue().deepCopy());
      default -> object.set(entry.getKey(), other(entry.getValue(), random));
    }
  }

  private void change(ArrayNode array, RandomGenerator random) {
    int i = random.nextInt(array.size());
    switch (random.nextInt(4)) {
      case 0 -> array.remove(i);
      case 1 -> array.insert(i, array.get(i).deepCopy());
      default -> array.set(i, other(array.get(i), random));
    }
  }

  private JsonNode other(JsonNode value, RandomGenerator random) {
    long integer = value.canConvertToLong() ? value.asLong() : 0;
    return switch (random.nextInt(12)) {
      case 0 -> mapper.nullNode();
      case 1 -> mapper.createObjectNode();
      case 2 -> mapper.createArrayNode();
      case 3 -> mapper.getNodeFactory().booleanNode(random.nextBoolean());
      case 4 -> mapper.getNodeFactory().numberNode(random.nextDouble() * 1e9);
      case 5 -> mapper.getNodeFactory().numberNode(Double.MIN_VALUE);
      case 6 -> mapper.getNodeFactory().textNode(value.asText() + "\u0000\u001b[31m\ud800");
      case 7 -> mapper.getNodeFactory().textNode("x".repeat(random.nextInt(MOST_LONG)));
      case 8 -> {
        JsonNode deep = value;
        for (int n = random.nextInt(MOST_DEEP); n > 0; n--) {
          deep = mapper.createArrayNode().add(deep);
        }
        yield deep;
      }
      default -> mapper.getNodeFactory().numberNode(Integers.awkward(integer, 100, random));
    };
  }
}
