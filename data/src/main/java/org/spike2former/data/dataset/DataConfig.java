package org.spike2former.data.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.spike2former.data.ClassTable;
import org.spike2former.data.ConfigNode;
import org.spike2former.data.Sample;
import org.spike2former.data.image.Exif;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.data.loader.OnBadImage;
import org.spike2former.data.transform.Pipeline;

/**
 * A data set and how it is used: a file of {@code configs/datasets}, or the section {@code data} of
 * a larger configuration. Only {@code type} and {@code root} must be given.
 *
 * <pre>
 *   type: ade20k                    # one of {@link DatasetType#NAMES}
 *   root: data/ADEChallengeData2016 # relative to the current folder
 *   splits: {train: training}       # what train, val and test are called there
 *   image_dir: images/{split}       # as label_dir (one or several), image_suffix, label_suffix, list
 *   reduce_zero_label: true         # label 0 is no class, k + 1 is class k
 *   ignore: 255                     # labels in the files that are no class, one or several of 0…255;
 *                                   # else ignore_index of a classes.json, else 255
 *   classes: [wall, building]       # keeps only these; names or a classes.json for a folder
 *   exif: apply                     # or ignore: labels are of the pixels as stored
 *   train_pipeline: [...]           # steps, see {@link Pipeline}
 *   normalise: {mean: [...], std: [...]}
 *   inference:
 *     resize: {shortest_edge: 512, max_size: 2048}
 *     size_divisor: 32
 *     mode: slide                   # or whole, without crop and stride
 *     crop: [512, 512]              # height and width
 *     stride: [341, 341]
 *   loader: {threads: 2, on_bad_image: skip}
 * </pre>
 *
 * @param type one of {@link DatasetType#NAMES}
 * @param root the data set's folder
 * @param splits what train, val and test are called there
 * @param layout where files lie
 * @param labels what the values in label files mean
 * @param classes names and colours; null for a folder that gives none
 * @param trainPipeline augmentation
 * @param preprocessing normalisation, and the size of images in an evaluation
 * @param inference how images are segmented in an evaluation
 * @param exif what becomes of the orientation that image files state
 * @param threads that read and augment images
 * @param onBadImage what to do with files that cannot be used
 */
public record DataConfig(
    String type,
    Path root,
    Map<String, String> splits,
    Layout layout,
    LabelRule labels,
    ClassTable classes,
    Pipeline trainPipeline,
    Preprocessing preprocessing,
    Inference inference,
    Exif exif,
    int threads,
    OnBadImage onBadImage) {
  /** The section of a larger configuration that holds this. */
  public static final String SECTION = "data";

  private static final double[] IMAGENET_MEAN = {123.675, 116.28, 103.53};
  private static final double[] IMAGENET_STD = {58.395, 57.12, 57.375};
  private static final int MAX_THREADS = 256;
  private static final Set<String> KEYS =
      Set.of(
          "type",
          "root",
          "splits",
          "image_dir",
          "label_dir",
          "image_suffix",
          "label_suffix",
          "list",
          "reduce_zero_label",
          "ignore",
          "classes",
          "exif",
          "train_pipeline",
          "normalise",
          "inference",
          "loader");

  /** Keeps a copy. */
  public DataConfig {
    splits = Map.copyOf(splits);
  }

  /**
   * Reads a YAML file: this alone, or a larger configuration with a section {@value #SECTION},
   * which may also be the name of a file in {@code datasets}.
   *
   * @param datasets folder with NAME.yaml
   * @throws IOException "FILE: key: what is wrong"
   */
  public static DataConfig read(Path file, Path datasets) throws IOException {
    JsonNode tree = ConfigNode.readYamlTree(file);
    if (!tree.has(SECTION) || tree.has("type")) {
      return of(file, "", tree);
    }
    JsonNode section = tree.get(SECTION);
    return section.isTextual()
        ? read(datasets.resolve(section.textValue() + ".yaml"), datasets)
        : of(file, SECTION + ".", section);
  }

  /**
   * Reads a section of a file.
   *
   * @param file named in errors
   * @param prefix of the keys in errors, such as "data."
   * @throws IOException "FILE: key: what is wrong"
   */
  public static DataConfig of(Path file, String prefix, JsonNode section) throws IOException {
    ConfigNode yaml = ConfigNode.of(file, prefix, section, KEYS);
    DatasetType type = DatasetType.of(yaml.word("type", DatasetType.NAMES));
    Layout layout = layout(yaml, type.layout());
    boolean reduce =
        yaml.has("reduce_zero_label") ? yaml.flag("reduce_zero_label") : type.reduceZeroLabel();
    List<Integer> ignore = ignore(yaml);
    ClassTable stored = type.classes();
    ClassTable classes = stored;
    int[] kept = null;
    if (yaml.has("classes") && stored != null) {
      List<String> names = yaml.strings("classes");
      kept = kept(yaml, stored, names);
      classes = subset(yaml, stored, names);
    } else if (yaml.has("classes")) {
      classes = classes(yaml, ignore);
    }
    if (!ignore.isEmpty() && classes != null) {
      // A classes.json has room for one. Without the smallest a class might get pixels in silence.
      classes = classes.withIgnoreIndex(Collections.min(ignore));
    } else if (classes != null) {
      ignore = List.of(classes.ignoreIndex());
    }
    int count = kept != null ? kept.length : classes == null ? 255 : classes.size();
    OnBadImage onBadImage = OnBadImage.FAIL;
    int threads = 2;
    if (yaml.has("loader")) {
      ConfigNode loader = yaml.object("loader", Set.of("threads", "on_bad_image"));
      threads = loader.has("threads") ? loader.integer("threads", 1, MAX_THREADS) : threads;
      if (loader.has("on_bad_image")) {
        String word = loader.word("on_bad_image", List.of("skip", "fail"));
        onBadImage = OnBadImage.valueOf(word.toUpperCase(Locale.ROOT));
      }
    }
    ConfigNode inference =
        yaml.has("inference")
            ? yaml.object("inference", Set.of("resize", "size_divisor", "mode", "crop", "stride"))
            : null;
    return new DataConfig(
        type.name(),
        Path.of(yaml.string("root")),
        splits(yaml, type.splits()),
        layout,
        new LabelRule(count, reduce, ignore, kept),
        classes,
        yaml.has("train_pipeline") ? Pipeline.read(yaml, "train_pipeline") : Pipeline.NONE,
        preprocessing(yaml, inference),
        inference == null ? Inference.WHOLE : inference(inference),
        exif(yaml),
        threads,
        onBadImage);
  }

  /**
   * A folder of images and label PNGs, without a file that describes it: {@code images/SPLIT} and
   * {@code annotations/SPLIT} or {@code labels/SPLIT}, or these without a folder for the split.
   *
   * @param classes names and colours
   * @throws IOException naming the folder that is missing
   */
  public static DataConfig ofFolder(Path root, ClassTable classes) throws IOException {
    DatasetType folder = DatasetType.of("folder");
    String labelDir = root.resolve("labels").toFile().isDirectory() ? "labels" : "annotations";
    for (String needed : List.of("images", labelDir)) {
      if (!root.resolve(needed).toFile().isDirectory()) {
        throw new IOException(
            root + ": expected folders images and annotations (or labels), or give a YAML file");
      }
    }
    boolean bare =
        folder.splits().values().stream()
            .noneMatch(split -> root.resolve("images").resolve(split).toFile().isDirectory());
    String below = bare ? "" : "/{split}";
    return new DataConfig(
        folder.name(),
        root,
        folder.splits(),
        new Layout("images" + below, List.of(labelDir + below), null, ".png", null),
        new LabelRule(classes.size(), false, List.of(classes.ignoreIndex()), null),
        classes,
        Pipeline.NONE,
        new Preprocessing(IMAGENET_MEAN, IMAGENET_STD, null, 1),
        Inference.WHOLE,
        Exif.APPLY,
        2,
        OnBadImage.FAIL);
  }

  /** The same with these classes, none of which is left out. */
  public DataConfig withClasses(ClassTable table) {
    return new DataConfig(
        type,
        root,
        splits,
        layout,
        labels.withClasses(table),
        table,
        trainPipeline,
        preprocessing,
        inference,
        exif,
        threads,
        onBadImage);
  }

  /** The same with the data set in another place. */
  public DataConfig withRoot(Path newRoot) {
    return new DataConfig(
        type,
        newRoot,
        splits,
        layout,
        labels,
        classes,
        trainPipeline,
        preprocessing,
        inference,
        exif,
        threads,
        onBadImage);
  }

  /** Why a split does not exist, such as "FOLDER: no such folder of images"; null if it does. */
  public String absence(String split) {
    String stored = splits.getOrDefault(split, split);
    Path images = layout.imageFolder(root, stored);
    if (!Files.isDirectory(images)) {
      return images + ": no such folder of images";
    }
    Path list = layout.listFile(root, stored);
    return list == null || Files.exists(list) ? null : list + ": no such list of names";
  }

  /** Whether a split has a folder of images, but none of labels. */
  public boolean lacksLabels(String split) {
    String stored = splits.getOrDefault(split, split);
    return Files.isDirectory(layout.imageFolder(root, stored))
        && layout.labelFolders(root, stored).stream().noneMatch(Files::isDirectory);
  }

  /**
   * The images of a split.
   *
   * @throws IOException naming the folder or list that is missing or empty
   */
  public Dataset dataset(String split) throws IOException {
    return Dataset.open(this, split);
  }

  private static Layout layout(ConfigNode yaml, Layout usual) throws IOException {
    List<String> labelDirs = usual.labelDirs();
    if (yaml.has("label_dir")) {
      labelDirs =
          yaml.isList("label_dir") ? yaml.strings("label_dir") : List.of(yaml.string("label_dir"));
      if (labelDirs.isEmpty()) {
        throw yaml.error("label_dir", "expected a folder");
      }
    }
    return new Layout(
        yaml.has("image_dir") ? yaml.string("image_dir") : usual.imageDir(),
        labelDirs,
        yaml.has("image_suffix") ? yaml.string("image_suffix") : usual.imageSuffix(),
        yaml.has("label_suffix") ? yaml.string("label_suffix") : usual.labelSuffix(),
        yaml.has("list") ? yaml.string("list") : usual.list());
  }

  private static Map<String, String> splits(ConfigNode yaml, Map<String, String> usual)
      throws IOException {
    Map<String, String> splits = new LinkedHashMap<>(usual);
    if (yaml.has("splits")) {
      ConfigNode node = yaml.object("splits", Set.copyOf(DatasetType.SPLITS));
      for (String split : DatasetType.SPLITS) {
        if (node.has(split)) {
          splits.put(split, node.string(split));
        }
      }
    }
    return splits;
  }

  /** Empty if nothing is said. */
  private static List<Integer> ignore(ConfigNode yaml) throws IOException {
    List<Integer> ignore = new ArrayList<>();
    if (!yaml.has("ignore")) {
      return ignore;
    }
    if (yaml.isList("ignore")) {
      for (int value : yaml.integers("ignore", 0, 255)) {
        ignore.add(value);
      }
    } else {
      ignore.add(yaml.integer("ignore", 0, 255));
    }
    return ignore;
  }

  /** For each stored class its place among the names, or {@link Sample#IGNORE}. */
  private static int[] kept(ConfigNode yaml, ClassTable stored, List<String> names)
      throws IOException {
    for (String name : names) {
      if (!stored.names().contains(name)) {
        throw yaml.error("classes", "the data set has no class " + name);
      }
    }
    int[] kept = new int[stored.size()];
    for (int k = 0; k < kept.length; k++) {
      int index = names.indexOf(stored.names().get(k));
      kept[k] = index < 0 ? Sample.IGNORE : index;
    }
    return kept;
  }

  private static ClassTable subset(ConfigNode yaml, ClassTable stored, List<String> names)
      throws IOException {
    int[] palette =
        names.stream().mapToInt(name -> stored.color(stored.names().indexOf(name))).toArray();
    if (names.isEmpty() || new HashSet<>(names).size() < names.size()) {
      throw yaml.error("classes", "expected distinct names");
    }
    return new ClassTable(names, palette, Sample.IGNORE);
  }

  private static ClassTable classes(ConfigNode yaml, List<Integer> ignore) throws IOException {
    if (!yaml.isList("classes")) {
      Path file = Path.of(yaml.string("classes"));
      ClassTable table = ClassTable.read(file);
      boolean differs = !ignore.isEmpty() && !ignore.contains(table.ignoreIndex());
      if (differs && ClassTable.statesIgnoreIndex(file)) {
        throw yaml.error(
            "ignore",
            ignore
                + " here, but ignore_index "
                + table.ignoreIndex()
                + " in "
                + file
                + "; make them agree, or leave one out");
      }
      return table;
    }
    try {
      return ClassTable.of(yaml.strings("classes"));
    } catch (IllegalArgumentException e) {
      throw yaml.error("classes", e.getMessage());
    }
  }

  private static Exif exif(ConfigNode yaml) throws IOException {
    boolean ignored =
        yaml.has("exif") && yaml.word("exif", List.of("apply", "ignore")).equals("ignore");
    return ignored ? Exif.IGNORE : Exif.APPLY;
  }

  private static Preprocessing preprocessing(ConfigNode yaml, ConfigNode inference)
      throws IOException {
    double[] mean = IMAGENET_MEAN;
    double[] std = IMAGENET_STD;
    if (yaml.has("normalise")) {
      ConfigNode node = yaml.object("normalise", Set.of("mean", "std"));
      mean = node.numbers("mean", 3);
      std = node.numbers("std", 3);
    }
    ResizeRule resize = null;
    int divisor = 1;
    if (inference != null) {
      resize = inference.has("resize") ? ResizeRule.read(inference, "resize") : null;
      divisor =
          inference.has("size_divisor")
              ? inference.integer("size_divisor", 1, Preprocessing.MAX_DIVISOR)
              : 1;
    }
    try {
      return new Preprocessing(mean, std, resize, divisor);
    } catch (IllegalArgumentException e) {
      throw yaml.error("normalise", e.getMessage());
    }
  }

  private static Inference inference(ConfigNode node) throws IOException {
    ResizeRule resize = node.has("resize") ? ResizeRule.read(node, "resize") : null;
    String mode = node.has("mode") ? node.word("mode", List.of("whole", "slide")) : "whole";
    Inference whole = new Inference(resize, null, Inference.WHOLE.ratios(), false);
    if (mode.equals("whole")) {
      for (String key : List.of("crop", "stride")) {
        if (node.has(key)) {
          throw node.error(key, "is for mode slide only");
        }
      }
      return whole;
    }
    int[] crop = node.integers("crop", Preprocessing.MIN_SIDE, ResizeRule.LIMIT);
    int[] stride = node.integers("stride", 1, ResizeRule.LIMIT);
    if (crop.length != 2 || stride.length != 2) {
      throw node.error("crop", "crop and stride need height and width each");
    }
    try {
      return whole.withWindow(new Inference.Window(crop[0], crop[1], stride[0], stride[1]));
    } catch (IllegalArgumentException e) {
      throw node.error("stride", e.getMessage());
    }
  }
}
