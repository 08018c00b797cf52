package org.spike2former.data.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.spike2former.tensor.io.Limit;

/**
 * Reads configurations that build on others: the key {@value #KEY} has the path of one, relative to
 * the file it stands in, or its name, or a list of these. A later one of a list, and the file
 * itself last of all, overrides the earlier ones key by key; lists are replaced as a whole.
 */
public final class ConfigBases {
  /** What a configuration, or a section of one, builds on. */
  public static final String KEY = "base";

  /** Files that one builds on. */
  private static final Limit FILES = new Limit("s2f.max-config-files", 50);

  /** Reads a file that a section names. */
  @FunctionalInterface
  public interface Reader {
    /** The file's keys. */
    ConfigTree read(Path file) throws IOException;
  }

  private ConfigBases() {}

  /**
   * Reads a YAML file and all that it builds on.
   *
   * @param shipped configurations that may be named
   * @throws IOException "FILE: line N: KEY: what is wrong"
   */
  public static ConfigTree read(Path file, Shipped shipped) throws IOException {
    return read(file, shipped, List.of(), new ArrayList<>());
  }

  /**
   * Reads a file.
   *
   * @param readers files that led to it
   * @param all files that were read; those that several name are read again for each
   */
  private static ConfigTree read(Path file, Shipped shipped, List<Path> readers, List<Path> all)
      throws IOException {
    ConfigTree tree = ConfigTree.readYaml(file);
    all.add(file);
    if (all.size() > FILES.value()) {
      throw tree.error(KEY, "builds on more than " + FILES.of("files"));
    }
    List<Path> chain = new ArrayList<>(readers);
    chain.add(file);
    List<ConfigTree> bases = new ArrayList<>();
    for (String name : names(tree, tree.root().get(KEY), KEY)) {
      Path base = shipped.find(file.resolveSibling(name));
      base = base == null ? shipped.find(Path.of(name)) : base;
      if (base == null) {
        throw noSuch(tree, KEY, name, shipped);
      }
      for (Path reader : chain) {
        if (reader.toRealPath().equals(base.toRealPath())) {
          throw tree.error(KEY, "goes in a circle: " + circle(chain, reader));
        }
      }
      bases.add(read(base, shipped, chain, all));
    }
    return tree.over(bases);
  }

  private static String circle(List<Path> chain, Path from) {
    StringBuilder text = new StringBuilder();
    chain.subList(chain.indexOf(from), chain.size()).forEach(f -> text.append(f).append(" → "));
    return text.append(from).toString();
  }

  /**
   * Puts the file that a section names below what the section itself says. The section is a name,
   * or has keys and among them a {@value #KEY}; one without is left as it is.
   *
   * @param shipped files that may be named; paths are relative to the current folder
   * @param reader of the file
   * @throws ConfigException if there is no such file
   */
  public static void include(ConfigTree tree, String section, Shipped shipped, Reader reader)
      throws IOException {
    JsonNode node = tree.root().path(section);
    String key = node.isObject() ? section + "." + KEY : section;
    JsonNode value = node.isObject() ? node.get(KEY) : node.isTextual() ? node : null;
    List<ConfigTree> bases = new ArrayList<>();
    for (String name : names(tree, value, key)) {
      Path base = shipped.find(Path.of(name));
      if (base == null) {
        throw noSuch(tree, key, name, shipped);
      }
      bases.add(reader.read(base));
    }
    if (!bases.isEmpty()) {
      tree.include(section, bases);
    }
  }

  private static ConfigException noSuch(ConfigTree tree, String key, String name, Shipped shipped)
      throws IOException {
    return tree.error(
        key,
        name + " is neither a file nor a name in " + shipped.folder() + shipped.suggestion(name));
  }

  private static List<String> names(ConfigTree tree, JsonNode value, String key)
      throws ConfigException {
    List<String> names = new ArrayList<>();
    if (value == null || value.isNull()) {
      return names;
    }
    for (JsonNode item : value.isArray() ? value : List.of(value)) {
      if (!item.isTextual() || item.textValue().isBlank()) {
        throw tree.error(
            key, "expected the path or name of a file, or a list of these, found " + value);
      }
      names.add(item.textValue());
    }
    return names;
  }
}
