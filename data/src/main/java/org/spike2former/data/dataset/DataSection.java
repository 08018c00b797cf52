package org.spike2former.data.dataset;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Task;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.config.Spelling;
import org.spike2former.data.image.Exif;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.data.loader.OnBadImage;
import org.spike2former.data.transform.Pipeline;

/**
 * The keys of a data set's file: one in {@code configs/datasets}, or the section {@code data} of a
 * larger configuration. {@link DataConfig} is what they mean. Only {@code type} and {@code root}
 * must be given; what a type has its own usual value for, such as the folders, is filled in.
 */
@JsonPropertyOrder({"type", "root"})
public record DataSection(
    @JsonPropertyDescription("how folders and classes are laid out") @JsonProperty(required = true)
        String type,
    @JsonPropertyDescription("the data set's folder, relative to the current one")
        @JsonProperty(required = true)
        Path root,
    @JsonPropertyDescription(
            "what is told apart; other than semantic only in data sets that tell things apart,"
                + " where panoptic is the default, and instance for evaluation alone")
        Task task,
    @JsonPropertyDescription("what train, val and test are called there") Splits splits,
    @JsonPropertyDescription("folder of the images; {split} stands for the split's name")
        String imageDir,
    @JsonPropertyDescription(
            "folders of the labels, one or several; of several the first that has the file")
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<String> labelDir,
    @JsonPropertyDescription(
            "JSON file that lists segments or outlines; {split} stands for the split's name,"
                + " {use} for train, val or test")
        String annotations,
    @JsonPropertyDescription("what becomes of pixels of several outlines; absent: fail")
        Overlaps overlaps,
    @JsonPropertyDescription("end of the images' file names; absent: any image format's")
        String imageSuffix,
    @JsonPropertyDescription("end of the labels' file names") String labelSuffix,
    @JsonPropertyDescription(
            "text file with a name per line; absent: all files in the folder of the images")
        String list,
    @JsonPropertyDescription("whether label 0 is not a class, and k + 1 is class k")
        Boolean reduceZeroLabel,
    @JsonPropertyDescription("labels in the files that are not classes, one or several")
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @Range(min = 0, max = 255)
        List<Integer> ignore,
    @JsonPropertyDescription("keeps only these; names, or a classes.json for a folder")
        Classes classes,
    @JsonPropertyDescription(
            "those of the classes that are things, which come first, for a folder that tells things"
                + " apart; absent: as classes.json says")
        List<String> things,
    @JsonPropertyDescription("whether labels are of the upright images, or of the pixels as stored")
        Exif exif,
    @JsonPropertyDescription("augmentation") Pipeline trainPipeline,
    @JsonPropertyDescription("mean and deviation of pixels; absent: ImageNet's")
        Normalise normalise,
    @JsonPropertyDescription(
            "absent: images are taken whole, in the size of the model's preprocessing")
        InferenceSection inference,
    @JsonPropertyDescription("how files are read") Loader loader) {
  private static final String JSON = ".json";

  /** What splits are called in a data set; null: as usual for its type. */
  public record Splits(
      @JsonPropertyDescription("split to learn from") String train,
      @JsonPropertyDescription("split to evaluate on in a training") String val,
      @JsonPropertyDescription("split to evaluate on after it") String test) {
    private Splits or(Map<String, String> usual) {
      return new Splits(
          train == null ? usual.get("train") : train,
          val == null ? usual.get("val") : val,
          test == null ? usual.get("test") : test);
    }

    Map<String, String> names() {
      Map<String, String> names = new LinkedHashMap<>();
      names.put("train", train);
      names.put("val", val);
      names.put("test", test);
      return names;
    }
  }

  /** What pixels are normalised by; both in units of 0…255. */
  public record Normalise(
      @JsonPropertyDescription("mean of red, green and blue, of 0…255")
          @JsonProperty(required = true)
          @Range(size = 3)
          List<Double> mean,
      @JsonPropertyDescription("standard deviation of red, green and blue")
          @JsonProperty(required = true)
          @Range(size = 3)
          List<Double> std) {
    /** ImageNet's. */
    static final Normalise USUAL =
        new Normalise(
            DoubleStream.of(Preprocessing.IMAGENET.mean()).boxed().toList(),
            DoubleStream.of(Preprocessing.IMAGENET.std()).boxed().toList());

    /** Checks the numbers. */
    public Normalise {
      Ranges.check(Normalise.class, mean, std);
      mean = List.copyOf(mean);
      std = List.copyOf(std);
      preprocessing(mean, std, null, 1);
    }

    Preprocessing with(ResizeRule resize, int divisor) {
      return preprocessing(mean, std, resize, divisor);
    }

    private static Preprocessing preprocessing(
        List<Double> mean, List<Double> std, ResizeRule resize, int divisor) {
      return new Preprocessing(array(mean), array(std), resize, divisor);
    }

    private static double[] array(List<Double> numbers) {
      return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  /** How files are read. */
  public record Loader(
      @JsonPropertyDescription("threads that read and augment images") @Range(min = 1, max = 256)
          Integer threads,
      @JsonPropertyDescription("what to do with files that cannot be used") OnBadImage onBadImage) {
    /** Fills in the defaults and checks the number. */
    public Loader {
      threads = threads == null ? 2 : threads;
      onBadImage = onBadImage == null ? OnBadImage.FAIL : onBadImage;
      Ranges.check(Loader.class, threads, onBadImage);
    }
  }

  /** Fills in the defaults and checks the values. */
  public DataSection {
    Ranges.check(
        DataSection.class,
        type,
        root,
        task,
        splits,
        imageDir,
        labelDir,
        annotations,
        overlaps,
        imageSuffix,
        labelSuffix,
        list,
        reduceZeroLabel,
        ignore,
        classes,
        things,
        exif,
        trainPipeline,
        normalise,
        inference,
        loader);
    if (!DatasetType.NAMES.contains(type)) {
      throw new BadValueException(
          "type",
          "expected "
              + String.join(" | ", DatasetType.NAMES)
              + ", found "
              + type
              + Spelling.nearest(type, DatasetType.NAMES));
    }
    DatasetType usual = DatasetType.of(type);
    splits = (splits == null ? new Splits(null, null, null) : splits).or(usual.splits());
    Layout layout = usual.layout();
    imageDir = imageDir == null ? layout.imageDir() : imageDir;
    checkSegments(usual, task, annotations, overlaps, list, reduceZeroLabel);
    if (usual.hasSegments()) {
      task = task == null ? Task.PANOPTIC : task;
      overlaps = overlaps == null ? Overlaps.FAIL : overlaps;
      if (labelDir == null && annotations != null && annotations.endsWith(JSON)) {
        // Where COCO, Cityscapes and ADE20K have the PNG files of a JSON file.
        labelDir = List.of(annotations.substring(0, annotations.length() - JSON.length()));
      }
      annotations = annotations == null ? usual.annotations() : annotations;
    }
    labelDir = labelDir == null ? layout.labelDirs() : List.copyOf(labelDir);
    Ranges.checkNotEmpty("label_dir", labelDir);
    imageSuffix = imageSuffix == null ? layout.imageSuffix() : imageSuffix;
    labelSuffix = labelSuffix == null ? layout.labelSuffix() : labelSuffix;
    list = list == null ? layout.list() : list;
    reduceZeroLabel = reduceZeroLabel == null ? usual.reduceZeroLabel() : reduceZeroLabel;
    if (usual.classes() != null) {
      classes = classes == null ? new Classes(usual.classes().names(), null) : classes;
      classes.checkPartOf(usual.classes());
    }
    checkThings(usual, classes, things);
    if (ignore == null && classes != null && classes.file() == null) {
      ignore = List.of(ClassTable.DEFAULT_IGNORE_INDEX);
    }
    if (ignore != null) {
      Ranges.checkNotEmpty("ignore", ignore);
      ignore = List.copyOf(ignore);
    }
    exif = exif == null ? Exif.APPLY : exif;
    trainPipeline = trainPipeline == null ? Pipeline.NONE : trainPipeline;
    normalise = normalise == null ? Normalise.USUAL : normalise;
    inference = inference == null ? InferenceSection.WHOLE : inference;
    loader = loader == null ? new Loader(null, null) : loader;
  }

  private static void checkThings(DatasetType type, Classes classes, List<String> things) {
    if (things == null) {
      return;
    }
    if (!type.hasSegments() || type.classes() != null) {
      throw new BadValueException("things", "only for folders that tell things apart");
    }
    if (classes == null || classes.file() != null) {
      throw new BadValueException(
          "things", "only with classes that are a list of names; else a classes.json has them");
    }
    ClassTable.of(classes.names()).withThings(things);
  }

  private static void checkSegments(
      DatasetType type,
      Task task,
      String annotations,
      Overlaps overlaps,
      String list,
      Boolean reduceZeroLabel) {
    if (!type.hasSegments()) {
      if (task != null && task != Task.SEMANTIC) {
        throw new BadValueException(
            "task",
            Ranges.word(task)
                + " needs a type that tells things apart: "
                + String.join(" | ", DatasetType.panopticNames()));
      }
      if (annotations != null || overlaps != null) {
        throw new BadValueException(
            annotations != null ? "annotations" : "overlaps",
            "only for types that tell things apart");
      }
      return;
    }
    if (list != null && (annotations != null || type.annotations() != null)) {
      throw new BadValueException("list", "the images are those of annotations; leave it out");
    }
    if (reduceZeroLabel != null && reduceZeroLabel) {
      throw new BadValueException("reduce_zero_label", "only for label files of classes");
    }
  }

  Layout layout() {
    return new Layout(imageDir, labelDir, imageSuffix, labelSuffix, list);
  }
}
