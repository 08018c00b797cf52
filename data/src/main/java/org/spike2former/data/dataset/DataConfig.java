package org.spike2former.data.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Task;
import org.spike2former.data.config.ConfigBases;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.config.Shipped;
import org.spike2former.data.image.Exif;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.loader.OnBadImage;
import org.spike2former.data.metric.SemanticMetric;
import org.spike2former.data.transform.Pipeline;

/**
 * A data set and how it is used, as given by the keys of a {@link DataSection}.
 *
 * @param type one of {@link DatasetType#NAMES}
 * @param root the data set's folder
 * @param task whether things are told apart
 * @param splits what train, val and test are called there
 * @param layout where files lie
 * @param labels what the values in label files mean
 * @param segments which files tell segments apart; null: none
 * @param classes names and colours; null for a folder that gives none
 * @param trainPipeline augmentation
 * @param frames of what shape event frames are; null: images are photos
 * @param metric by which models are compared
 * @param preprocessing normalisation, and the size of images in an evaluation
 * @param inference how images are segmented in an evaluation
 * @param exif what becomes of the orientation that image files state
 * @param threads that read and augment images
 * @param onBadImage what to do with files that cannot be used
 */
public record DataConfig(
    String type,
    Path root,
    Task task,
    Map<String, String> splits,
    Layout layout,
    LabelRule labels,
    SegmentRule segments,
    ClassTable classes,
    Pipeline trainPipeline,
    FrameRule frames,
    SemanticMetric metric,
    Preprocessing preprocessing,
    Inference inference,
    Exif exif,
    int threads,
    OnBadImage onBadImage) {
  /** The section of a larger configuration that holds this. */
  public static final String SECTION = "data";

  /** Keys by which a training is told from a data set. */
  private static final List<String> TRAINING =
      List.of(SECTION, "model", "init", "optimizer", "schedule", "loss", "train", "output");

  /** Keeps a copy. */
  public DataConfig {
    splits = Map.copyOf(splits);
  }

  /**
   * Reads a YAML file: this alone, or a training with a section {@value #SECTION}.
   *
   * @param configs folder with datasets/NAME.yaml and NAME.yaml, which may be named
   * @throws IOException "FILE: key: what is wrong"
   */
  public static DataConfig read(Path file, Path configs) throws IOException {
    ConfigTree plain = ConfigTree.readYaml(file);
    if (plain.has("type") || TRAINING.stream().noneMatch(plain::has)) {
      ConfigTree tree = ConfigBases.read(file, Shipped.datasets(configs));
      return of(tree.bind(DataSection.class), tree, "");
    }
    ConfigTree tree = ConfigBases.read(file, Shipped.trainings(configs));
    include(tree, configs);
    return of(tree.bind(SECTION, DataSection.class), tree, SECTION + ".");
  }

  /** Puts the data set that the section {@value #SECTION} of a training names into it. */
  public static void include(ConfigTree training, Path configs) throws IOException {
    Shipped datasets = Shipped.datasets(configs);
    ConfigBases.include(training, SECTION, datasets, base -> ConfigBases.read(base, datasets));
  }

  /**
   * What the keys of a file mean.
   *
   * @param tree that they come from, for errors
   * @param prefix of the keys in it, such as "data."
   * @throws IOException "FILE: line N: KEY: what is wrong", also for a {@code classes.json} that is
   *     named
   */
  public static DataConfig of(DataSection section, ConfigTree tree, String prefix)
      throws IOException {
    ClassTable stored = DatasetType.of(section.type()).classes();
    List<Integer> ignore = section.ignore() == null ? List.of() : section.ignore();
    ClassTable classes = null;
    int[] kept = null;
    if (stored != null) {
      classes = section.classes().of(stored);
      kept = section.classes().kept(stored);
    } else if (section.classes() != null) {
      Path file = section.classes().file();
      if (file != null && !Files.exists(file)) {
        throw tree.error(
            prefix + "classes",
            file + ": no such file; expected a list of names, or the path of a classes.json");
      }
      classes = section.classes().table();
      classes = section.things() == null ? classes : classes.withThings(section.things());
      checkAgree(section, classes, tree, prefix);
    }
    if (!ignore.isEmpty() && classes != null) {
      // A classes.json has room for one. Without the smallest a class might get pixels in silence.
      classes = classes.withIgnoreIndex(Collections.min(ignore));
    } else if (classes != null) {
      ignore = List.of(classes.ignoreIndex());
    }
    int count = kept != null ? kept.length : classes == null ? 255 : classes.size();
    InferenceSection inference = section.inference();
    FrameRule frames =
        section.frames() == null ? null : new FrameRule(section.frames(), section.channels());
    return new DataConfig(
        section.type(),
        section.root(),
        section.task() == null ? Task.SEMANTIC : section.task(),
        section.splits().names(),
        section.layout(),
        new LabelRule(count, section.reduceZeroLabel(), ignore, kept),
        segments(section, stored, kept, classes),
        classes,
        section.trainPipeline(),
        frames,
        section.metric(),
        section.normalise().with(inference.resize(), inference.sizeDivisor(), frames != null),
        inference.inference(),
        section.exif(),
        section.loader().threads(),
        section.loader().onBadImage());
  }

  private static SegmentRule segments(
      DataSection section, ClassTable stored, int[] kept, ClassTable classes) {
    DatasetType type = DatasetType.of(section.type());
    return type.hasSegments()
        ? new SegmentRule(
            type.format(),
            section.annotations(),
            type.categoryIds(),
            type.voidIds(),
            section.overlaps(),
            stored,
            kept,
            classes)
        : null;
  }

  private static void checkAgree(
      DataSection section, ClassTable classes, ConfigTree tree, String prefix) throws IOException {
    Path file = section.classes().file();
    if (file != null
        && section.ignore() != null
        && !section.ignore().contains(classes.ignoreIndex())
        && ClassTable.statesIgnoreIndex(file)) {
      throw tree.error(
          prefix + "ignore",
          section.ignore()
              + " here, but ignore_index "
              + classes.ignoreIndex()
              + " in "
              + file
              + "; make them agree, or leave one out");
    }
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
    String labelDir = Files.isDirectory(root.resolve("labels")) ? "labels" : "annotations";
    for (String needed : List.of("images", labelDir)) {
      if (!Files.isDirectory(root.resolve(needed))) {
        throw new IOException(
            root + ": expected folders images and annotations (or labels), or give a YAML file");
      }
    }
    boolean bare =
        folder.splits().values().stream()
            .noneMatch(split -> Files.isDirectory(root.resolve("images").resolve(split)));
    String below = bare ? "" : "/{split}";
    return new DataConfig(
        folder.name(),
        root,
        Task.SEMANTIC,
        folder.splits(),
        new Layout("images" + below, List.of(labelDir + below), null, ".png", null),
        new LabelRule(classes.size(), false, List.of(classes.ignoreIndex()), null),
        null,
        classes,
        Pipeline.NONE,
        null,
        folder.metric(),
        DataSection.Normalise.USUAL.with(null, 1, false),
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
        task,
        splits,
        layout,
        labels.withClasses(table),
        segments == null ? null : segments.withClasses(table),
        table,
        trainPipeline,
        frames,
        metric,
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
        task,
        splits,
        layout,
        labels,
        segments,
        classes,
        trainPipeline,
        frames,
        metric,
        preprocessing,
        inference,
        exif,
        threads,
        onBadImage);
  }

  /** Whether the data set's files tell things apart, whatever the task. */
  public boolean tellsThingsApart() {
    return segments != null;
  }

  /** Why a split does not exist, such as "FOLDER: no such folder of images"; null if it does. */
  public String absence(String split) {
    String stored = splits.getOrDefault(split, split);
    Path images = layout.imageFolder(root, stored);
    if (!Files.isDirectory(images)) {
      return images + ": no such folder of images";
    }
    if (segments != null && segments.annotations() != null) {
      Path json = annotations(split);
      return Files.exists(json) ? null : json + ": no such file";
    }
    Path list = layout.listFile(root, stored);
    return list == null || Files.exists(list) ? null : list + ": no such list of names";
  }

  private Path annotations(String split) {
    String stored = splits.getOrDefault(split, split);
    return Layout.below(root, segments.annotations(), stored, DatasetType.use(splits, split));
  }

  /** Whether a split has a folder of images, but none of labels. */
  public boolean lacksLabels(String split) {
    String stored = splits.getOrDefault(split, split);
    boolean images = Files.isDirectory(layout.imageFolder(root, stored));
    if (segments != null && segments.annotations() != null) {
      return images && !Files.exists(annotations(split));
    }
    return images && layout.labelFolders(root, stored).stream().noneMatch(Files::isDirectory);
  }

  /**
   * The images of a split.
   *
   * @throws IOException naming the folder or list that is missing or empty
   */
  public Dataset dataset(String split) throws IOException {
    return Dataset.open(this, split);
  }
}
