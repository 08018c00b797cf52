package org.spike2former.data.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.spike2former.tensor.io.Limit;

/**
 * YAML as configurations use it: one document of keys, lists, text and numbers. Jackson reads an
 * alias as the text of its name, and drops tags, so that a file would mean something else than its
 * author thinks; such files are refused. So are merge keys, keys that come twice and further
 * documents. An anchor that no alias uses changes nothing and is let pass.
 */
public final class StrictYaml {
  private static final String CORE = "tag:yaml.org,2002:";
  private static final Set<String> TAGS =
      Set.of("str", "int", "float", "bool", "null", "map", "seq");
  private static final Pattern PLACE = Pattern.compile("(?m)^ in 'reader', line (\\d{1,9}),");

  /** Keys, values and brackets of a file. */
  private static final Limit TOKENS = new Limit("s2f.max-config-values", 10_000);

  /** Deeper files are none of ours; their places in the tree would take much memory. */
  static final StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder().maxNestingDepth(16).build();

  private static final ObjectMapper YAML = mapper();

  private StrictYaml() {}

  private static ObjectMapper mapper() {
    ObjectMapper yaml = new YAMLMapper();
    yaml.getFactory().setStreamReadConstraints(CONSTRAINTS);
    return yaml.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  }

  /**
   * What a text says.
   *
   * @param tree a missing node if it is empty
   * @param lines where keys and items of lists begin
   */
  record Document(JsonNode tree, Map<JsonPointer, Integer> lines) {}

  /** As {@link #read(byte[])}, with the lines. */
  static Document document(byte[] content) throws IOException {
    JsonNode tree = read(content);
    try (JsonParser parser = YAML.createParser(content)) {
      return new Document(tree, lines(parser));
    }
  }

  /** The lines of all keys and items that a parser finds. */
  static Map<JsonPointer, Integer> lines(JsonParser parser) throws IOException {
    Map<JsonPointer, Integer> lines = new HashMap<>();
    for (int tokens = 0; parser.nextToken() != null; tokens++) {
      requireFew(tokens);
      lines.putIfAbsent(
          parser.getParsingContext().pathAsPointer(), parser.currentTokenLocation().getLineNr());
    }
    lines.remove(JsonPointer.empty());
    return lines;
  }

  /**
   * The tree of a text; a missing node if it is empty.
   *
   * @param content UTF-8
   * @throws IOException "line N: what is wrong", without the name of the file
   */
  public static JsonNode read(byte[] content) throws IOException {
    try (YAMLParser parser = ((YAMLFactory) YAML.getFactory()).createParser(content)) {
      int depth = 0;
      int tokens = 0;
      boolean ended = false;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (ended) {
          throw refused(parser, "a second document begins; expected one");
        }
        check(parser, token);
        requireFew(tokens++);
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        ended = depth == 0;
      }
    } catch (JsonProcessingException e) {
      throw notYaml(e);
    }
    try {
      return YAML.readTree(content);
    } catch (JsonProcessingException e) {
      throw notYaml(e);
    }
  }

  private static void check(YAMLParser parser, JsonToken token) throws IOException {
    if (parser.isCurrentAlias()) {
      throw refused(
          parser,
          "the alias *"
              + parser.getText()
              + " is not resolved; write the value itself, or quote a text that begins with *");
    }
    if (token == JsonToken.FIELD_NAME && parser.currentName().equals("<<")) {
      throw refused(parser, "the merge key << is not resolved; write the keys themselves");
    }
    Object tag = parser.getTypeId();
    if (tag != null && !(tag.toString().startsWith(CORE) && TAGS.contains(core(tag)))) {
      String written = tag.toString().startsWith(CORE) ? "!!" + core(tag) : "!" + tag;
      throw refused(parser, "the tag " + written + " is not read; quote a text that begins with !");
    }
  }

  private static void requireFew(int tokens) throws IOException {
    if (tokens > TOKENS.value()) {
      throw new IOException("more than " + TOKENS.of("keys and values"));
    }
  }

  private static String core(Object tag) {
    return tag.toString().substring(CORE.length());
  }

  private static IOException refused(YAMLParser parser, String what) {
    return new IOException("line " + parser.currentTokenLocation().getLineNr() + ": " + what);
  }

  /** The parser's messages have a context and a problem, each with its place, indented. */
  private static IOException notYaml(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    String what =
        message
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith(" "))
            .collect(Collectors.joining(": "));
    if (e.getCause() instanceof CharConversionException
        || message.contains("CharConversionException")) {
      what = "expected text in UTF-8";
    } else if (what.startsWith("Expected a field name")) {
      what = "expected a key that is a text";
    }
    long line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
    for (Matcher place = PLACE.matcher(message); place.find(); ) {
      line = Long.parseLong(place.group(1));
    }
    return new IOException("not YAML: line " + line + ": " + what, e);
  }
}
