package org.spike2former.data.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.data.ClassTable;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.metric.SemanticMetric;

/**
 * A kind of data set: layout, splits, classes and label rule as mmsegmentation has them, from the
 * resource {@code datasets/NAME.json}.
 *
 * @param name such as "ade20k"
 * @param layout where files lie
 * @param splits what train, val and test are called there
 * @param reduceZeroLabel whether label 0 is not a class and class k is stored as k + 1
 * @param classes names and colours; null for folders
 * @param format what labels are kept in
 * @param annotations JSON file below the root; null: none
 * @param categoryIds by which files name each class; null: by its index
 * @param voidIds by which they name what is no class
 * @param metric by which models are compared
 */
public record DatasetType(
    String name,
    Layout layout,
    Map<String, String> splits,
    boolean reduceZeroLabel,
    ClassTable classes,
    LabelFormat format,
    String annotations,
    List<Integer> categoryIds,
    List<Integer> voidIds,
    SemanticMetric metric) {
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
          "ddd17",
          "chase-db1",
          "synapse",
          "folder",
          "coco-panoptic",
          "coco-instances",
          "cityscapes-panoptic",
          "ade20k-panoptic",
          "ade20k-instances",
          "camvid-panoptic",
          "folder-panoptic");

  /** The names of those that tell things apart. */
  static List<String> panopticNames() {
    return NAMES.stream().filter(name -> of(name).hasSegments()).toList();
  }

  /** What a split may be meant for. */
  static final List<String> SPLITS = List.of("train", "val", "test");

  /** The keys of the resource. */
  private record Keys(
      @JsonProperty(required = true) String imageDir,
      @JsonProperty(required = true) List<String> labelDirs,
      String imageSuffix,
      @JsonProperty(required = true) String labelSuffix,
      String list,
      @JsonProperty(required = true) Map<String, String> splits,
      Boolean reduceZeroLabel,
      LabelFormat format,
      String annotations,
      List<Integer> categoryIds,
      List<Integer> voidIds,
      Integer things,
      SemanticMetric metric,
      List<String> names,
      List<List<Integer>> palette) {}

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
    Keys keys;
    try (InputStream in = DatasetType.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource);
      }
      keys = ConfigTree.ofJson(Path.of(resource), in.readAllBytes()).bind(Keys.class);
    }
    Layout layout =
        new Layout(
            keys.imageDir(), keys.labelDirs(), keys.imageSuffix(), keys.labelSuffix(), keys.list());
    Map<String, String> splits = new LinkedHashMap<>();
    SPLITS.forEach(split -> splits.put(split, keys.splits().get(split)));
    ClassTable classes =
        keys.names() == null
            ? null
            : new ClassTable(
                keys.names(),
                ClassTable.rgb(keys.palette()),
                ClassTable.DEFAULT_IGNORE_INDEX,
                keys.things() == null ? 0 : keys.things());
    boolean reduce = keys.reduceZeroLabel() != null && keys.reduceZeroLabel();
    return new DatasetType(
        name,
        layout,
        splits,
        reduce,
        classes,
        keys.format() == null ? LabelFormat.CLASSES : keys.format(),
        keys.annotations(),
        keys.categoryIds(),
        keys.voidIds() == null ? List.of() : keys.voidIds(),
        keys.metric() == null ? SemanticMetric.MIOU : keys.metric());
  }

  /** Whether it tells things apart. */
  public boolean hasSegments() {
    return format != LabelFormat.CLASSES;
  }

  /** What a split is for, by what the data set calls it; itself if that is unknown. */
  static String use(Map<String, String> splits, String split) {
    return SPLITS.stream()
        .filter(use -> use.equals(split) || split.equals(splits.get(use)))
        .findFirst()
        .orElse(split);
  }
}
