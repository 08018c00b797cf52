package org.spike2former.data.dataset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Sample;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.Spelling;

/**
 * The classes that a configuration gives: a list of names, or the path of a {@code classes.json}.
 *
 * @param names null where there is a file
 * @param file null where there are names
 */
public record Classes(List<String> names, Path file) {
  @JsonCreator
  static Classes of(JsonNode node) {
    if (node.isTextual()) {
      return new Classes(null, Path.of(node.textValue()));
    }
    if (!node.isArray()) {
      throw BadValueException.of("", "a list of names, or the path of a classes.json", node);
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      if (!node.get(i).isTextual()) {
        throw BadValueException.of("[" + i + "]", "a string", node.get(i));
      }
      names.add(node.get(i).textValue());
    }
    try {
      requireNarrow(ClassTable.of(names));
    } catch (BadValueException e) {
      throw new BadValueException("", e.problem());
    }
    return new Classes(List.copyOf(names), null);
  }

  @JsonValue
  Object value() {
    return file == null ? names : file;
  }

  /** Checks that they are some of those that a type of data set has. */
  void checkPartOf(ClassTable stored) {
    if (file != null) {
      throw BadValueException.of("classes", "a list of names", file);
    }
    for (String name : names) {
      if (!stored.names().contains(name)) {
        throw new BadValueException(
            "classes",
            "the data set has no class " + name + Spelling.nearest(name, stored.names()));
      }
    }
  }

  /**
   * Those of a data set that has others too, in its colours.
   *
   * @throws BadValueException if stuff comes before things
   */
  ClassTable of(ClassTable stored) {
    int things =
        (int) names.stream().filter(name -> stored.names().indexOf(name) < stored.things()).count();
    for (int k = 0; k < things; k++) {
      if (stored.names().indexOf(names.get(k)) >= stored.things()) {
        throw new BadValueException(
            "classes", "things must come first; " + names.get(k) + " is stuff");
      }
    }
    int[] palette =
        names.stream().mapToInt(name -> stored.color(stored.names().indexOf(name))).toArray();
    return new ClassTable(names, palette, Sample.IGNORE, things);
  }

  /** For each class of a data set its place among these, or {@link Sample#IGNORE}. */
  int[] kept(ClassTable stored) {
    return stored.names().stream()
        .mapToInt(names::indexOf)
        .map(index -> index < 0 ? Sample.IGNORE : index)
        .toArray();
  }

  /**
   * The table, from the file where there is one.
   *
   * @throws IOException "FILE: key: what is wrong"
   */
  ClassTable table() throws IOException {
    if (file == null) {
      return ClassTable.of(names);
    }
    ClassTable table = ClassTable.read(file);
    try {
      requireNarrow(table);
    } catch (BadValueException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    return table;
  }

  /** Label files and samples have a byte for a label. */
  private static void requireNarrow(ClassTable table) {
    if (table.isWide()) {
      throw BadValueException.of(
          "names", "1 to " + ClassTable.MAX_CLASSES + " classes", table.size());
    }
  }
}
