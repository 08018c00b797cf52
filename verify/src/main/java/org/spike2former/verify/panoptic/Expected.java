package org.spike2former.verify.panoptic;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.tensor.io.FormatException;

/**
 * The figures in {@code expected.json}.
 *
 * @param path the file
 * @param root what it holds
 */
record Expected(Path path, JsonNode root) {
  /**
   * Reads the file of a folder.
   *
   * @throws IOException naming the folder without it, or what is wrong in it
   */
  static Expected read(Path folder) throws IOException {
    Path path = file(folder, "expected.json");
    return new Expected(path, ConfigTree.readJson(path).root());
  }

  /**
   * A file of a folder.
   *
   * @throws FormatException if it is not there
   */
  static Path file(Path folder, String name) throws FormatException {
    if (!Files.exists(folder.resolve(name))) {
      throw new FormatException(folder, "the folder has no " + name);
    }
    return folder.resolve(name);
  }

  /** The value of a key, such as "per_class.3". */
  JsonNode at(String key) {
    JsonNode node = root;
    for (String part : key.split("\\.")) {
      node = node.path(part);
    }
    return node;
  }

  /**
   * Numbers under a key.
   *
   * @throws FormatException naming the first that is not there
   */
  double[] numbers(String key, String... names) throws FormatException {
    double[] numbers = new double[names.length];
    for (int i = 0; i < names.length; i++) {
      numbers[i] = number(key + "." + names[i]);
    }
    return numbers;
  }

  /**
   * A number.
   *
   * @throws FormatException if it is not there
   */
  double number(String key) throws FormatException {
    JsonNode node = at(key);
    if (!node.isNumber()) {
      String found = node.isMissingNode() ? "nothing" : node.toString();
      throw new FormatException(path, key + ": expected a number, found " + found);
    }
    return node.doubleValue();
  }
}
