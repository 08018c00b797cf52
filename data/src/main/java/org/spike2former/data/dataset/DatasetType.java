package org.spike2former.data.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spike2former.data.ClassTable;
import org.spike2former.data.ConfigNode;

/**
 * A kind of data set: layout, splits, classes and label rule as mmsegmentation has them, from the
 * resource {@code datasets/NAME.json}.
 *
 * @param name such as "ade20k"
 * @param layout where files lie
 * @param splits what train, val and test are called there
 * @param reduceZeroLabel whether label 0 is no class and class k is stored as k + 1
 * @param classes names and colours; null for "folder"
 */
public record DatasetType(
    String name,
    Layout layout,
    Map<String, String> splits,
    boolean reduceZeroLabel,
    ClassTable classes) {
  /** All names. */
  public static final List<String> NAMES =
      List.of(
          "ade20k",
          "cityscapes",
          "voc2012",
          "voc2012-aug",
          "pascal-context-59",
          "pascal-context-60",
          "coco-stuff-10k",
          "coco-stuff-164k",
          "camvid",
          "folder");

  /** What a split may be meant for. */
  static final List<String> SPLITS = List.of("train", "val", "test");

  private static final Set<String> KEYS =
      Set.of(
          "image_dir",
          "label_dirs",
          "image_suffix",
          "label_suffix",
          "list",
          "splits",
          "reduce_zero_label",
          "names",
          "palette");

  /**
   * The kind of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static DatasetType of(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "expected " + String.join(" | ", NAMES) + ", found " + name);
    }
    try {
      return read(name);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static DatasetType read(String name) throws IOException {
    String resource = "/org/spike2former/data/datasets/" + name + ".json";
    JsonNode tree;
    try (InputStream in = DatasetType.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource);
      }
      tree = new ObjectMapper().readTree(in);
    }
    ConfigNode json = ConfigNode.of(Path.of(resource), "", tree, KEYS);
    Layout layout =
        new Layout(
            json.string("image_dir"),
            json.strings("label_dirs"),
            json.has("image_suffix") ? json.string("image_suffix") : null,
            json.string("label_suffix"),
            json.has("list") ? json.string("list") : null);
    ConfigNode named = json.object("splits", Set.copyOf(SPLITS));
    Map<String, String> splits = new LinkedHashMap<>();
    for (String split : SPLITS) {
      splits.put(split, named.string(split));
    }
    ClassTable classes =
        json.has("names")
            ? new ClassTable(
                json.strings("names"), json.colors("palette"), ClassTable.DEFAULT_IGNORE_INDEX)
            : null;
    boolean reduce = json.has("reduce_zero_label") && json.flag("reduce_zero_label");
    return new DatasetType(name, layout, splits, reduce, classes);
  }
}
