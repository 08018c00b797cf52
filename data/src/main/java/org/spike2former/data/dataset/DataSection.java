package org.spike2former.data.dataset;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Sample;
import org.spike2former.data.Task;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.config.Spelling;
import org.spike2former.data.image.Exif;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.data.loader.OnBadImage;
import org.spike2former.data.metric.SemanticMetric;
import org.spike2former.data.pixel.FrameFile;
import org.spike2former.data.transform.Pipeline;
import org.spike2former.data.transform.RandomRotFlip;
import org.spike2former.data.transform.Transform;

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
    @JsonPropertyDescription(
            "end of the images' file names; absent: any image format's; .npy: event frames")
        String imageSuffix,
    @JsonPropertyDescription("channels of event frames; absent: 3")
        @Range(min = 1, max = FrameFile.MAX_DEPTH)
        Integer channels,
    @JsonPropertyDescription(
            "event frames of a file [T, H, W, C], one for each time step; absent: 1, for [H, W, C]")
        @Range(min = 1, max = FrameFile.MAX_DEPTH)
        Integer frames,
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
    @JsonPropertyDescription(
            "mean and deviation of pixels; absent: ImageNet's, and 0 and 1 for event frames")
        Normalise normalise,
    @JsonPropertyDescription(
            "absent: images are taken whole, in the size of the model's preprocessing")
        InferenceSection inference,
    @JsonPropertyDescription("which mean over the classes tells the best model")
        SemanticMetric metric,
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

  /** What pixels are normalised by; of photos both in units of 0…255. */
  public record Normalise(
      @JsonPropertyDescription("mean of red, green and blue, of 0…255, or of each channel")
          @JsonProperty(required = true)
          @Range
          List<Double> mean,
      @JsonPropertyDescription("standard deviation of red, green and blue, or of each channel")
          @JsonProperty(required = true)
          @Range
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
      preprocessing(mean, std, null, 1, true);
    }

    /** Leaves numbers as they are. */
    static Normalise nothing(int channels) {
      return new Normalise(Collections.nCopies(channels, 0.0), Collections.nCopies(channels, 1.0));
    }

    Preprocessing with(ResizeRule resize, int divisor, boolean framed) {
      return preprocessing(mean, std, resize, divisor, framed);
    }

    private static Preprocessing preprocessing(
        List<Double> mean, List<Double> std, ResizeRule resize, int divisor, boolean framed) {
      return new Preprocessing(array(mean), array(std), resize, divisor, framed);
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
        channels,
        frames,
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
        metric,
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
    if (imageSuffix != null && FrameFile.isSuffix(imageSuffix)) {
      channels = channels == null ? Preprocessing.COLORS : channels;
      frames = frames == null ? 1 : frames;
      normalise = normalise == null ? Normalise.nothing(channels) : normalise;
      checkFramed(channels, frames, normalise, trainPipeline);
    } else {
      normalise = normalise == null ? Normalise.USUAL : normalise;
      checkColors(channels, frames, normalise);
      channels = null;
      frames = null;
    }
    checkPipeline(usual, trainPipeline, classes);
    metric = metric == null ? usual.metric() : metric;
    inference = inference == null ? InferenceSection.WHOLE : inference;
    loader = loader == null ? new Loader(null, null) : loader;
  }

  private static void checkFramed(
      int channels, int frames, Normalise normalise, Pipeline pipeline) {
    if ((long) channels * frames > FrameFile.MAX_DEPTH) {
      throw new BadValueException(
          "frames", "more than " + FrameFile.MAX_DEPTH + " numbers for each pixel");
    }
    requireCount("normalise.mean", normalise.mean(), channels);
    for (int i = 0; i < pipeline.steps().size(); i++) {
      Transform step = pipeline.steps().get(i);
      if (step.changesColors()) {
        throw new BadValueException(
            "train_pipeline[" + i + "]",
            Pipeline.name(step.getClass()) + " changes colours, which event frames do not have");
      }
    }
  }

  private static void checkColors(Integer channels, Integer frames, Normalise normalise) {
    if (channels != null && channels != Preprocessing.COLORS || frames != null && frames != 1) {
      throw new BadValueException(
          channels != null && channels != Preprocessing.COLORS ? "channels" : "frames",
          "only for event frames, with image_suffix: .npy");
    }
    requireCount("normalise.mean", normalise.mean(), Preprocessing.COLORS);
    requireCount("normalise.std", normalise.std(), Preprocessing.COLORS);
  }

  private static void requireCount(String key, List<Double> numbers, int count) {
    if (numbers.size() != count) {
      throw BadValueException.of(key, "a list of " + count + " numbers", numbers);
    }
  }

  /** What is filled in must be of the classes, and where things are told apart of none. */
  private static void checkPipeline(DatasetType type, Pipeline pipeline, Classes classes) {
    for (int i = 0; i < pipeline.steps().size(); i++) {
      if (pipeline.steps().get(i) instanceof RandomRotFlip turn
          && turn.labelFill() != Sample.IGNORE) {
        String key = "train_pipeline[" + i + "].random_rot_flip.label_fill";
        if (type.hasSegments()) {
          throw BadValueException.of(key, "255 where things are told apart", turn.labelFill());
        }
        if (classes != null
            && classes.file() == null
            && turn.labelFill() >= classes.names().size()) {
          throw BadValueException.of(
              key, "255 or a class below " + classes.names().size(), turn.labelFill());
        }
      }
    }
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
