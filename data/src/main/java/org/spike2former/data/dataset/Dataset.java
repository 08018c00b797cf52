package org.spike2former.data.dataset;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Sample;
import org.spike2former.data.Task;
import org.spike2former.data.coco.CocoId;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.image.Exif;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.loader.OnBadImage;
import org.spike2former.data.metric.MaskPrecision;
import org.spike2former.data.metric.SemanticMetric;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.pixel.Frames;

/** The images of a split of a data set, with their labels. May be read by several threads. */
public final class Dataset {
  private static final Logger LOG = LoggerFactory.getLogger(Dataset.class);

  private final String name;
  private final String split;
  private final List<Layout.Entry> entries;
  private final LabelRule rule;
  private final SegmentFiles segments;
  private final Task task;
  private final SemanticMetric metric;
  private final ClassTable classes;
  private final Exif exif;
  private final FrameRule frames;
  private final List<Path> missing;
  private final List<String> warnings;
  private final Map<Integer, Turn> turned = new ConcurrentHashMap<>();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicBoolean warnedOfTurned = new AtomicBoolean();

  private Dataset(String split, Layout.Listing listing, SegmentFiles segments, DataConfig config) {
    this.name = config.type() + " " + split;
    this.split = split;
    this.entries = listing.entries();
    this.missing = listing.missing();
    this.warnings = new ArrayList<>(listing.warnings());
    this.rule = config.labels();
    this.segments = segments;
    this.task = config.task();
    this.metric = config.metric();
    this.classes = config.classes();
    this.exif = config.exif();
    this.frames = config.frames();
    for (int k = 0; segments == null && k < classes.size(); k++) {
      if (rule.isIgnored(k)) {
        warnings.add(
            name
                + ": class "
                + k
                + " ("
                + classes.names().get(k)
                + ") has a label that is ignored");
      }
    }
  }

  /**
   * Lists a split's images.
   *
   * @param split train, val, test, or what the data set itself calls a split
   * @throws IOException naming the folder or list that is missing, empty or unreadable, or a file
   *     of which it is not clear what it is for
   */
  public static Dataset open(DataConfig config, String split) throws IOException {
    Path root = config.root();
    if (config.classes() == null) {
      throw new IOException(root + ": the data set's configuration must give its classes");
    }
    if (!Files.isDirectory(root)) {
      throw new IOException(
          root + ": no such folder; root of the data set " + config.type() + " should be there");
    }
    String stored = config.splits().getOrDefault(split, split);
    if (config.segments() == null) {
      return new Dataset(split, config.layout().listing(root, stored), null, config);
    }
    if (config.task() != Task.SEMANTIC && config.classes().things() == 0) {
      throw new IOException(
          root
              + ": task "
              + Ranges.word(config.task())
              + " needs classes that are things; name them under things");
    }
    SegmentFiles segments =
        SegmentFiles.open(
            config.layout(),
            config.segments(),
            root,
            stored,
            DatasetType.use(config.splits(), split));
    return new Dataset(split, segments.listing(), segments, config);
  }

  /** The data set and split, for messages. */
  public String name() {
    return name;
  }

  /** What is told apart in its images. */
  public Task task() {
    return task;
  }

  /** By which models are compared on it. */
  public SemanticMetric metric() {
    return metric;
  }

  /** The split as it was asked for. */
  public String split() {
    return split;
  }

  /** What files of COCO's kind call image {@code i}; null if there are none. */
  CocoId cocoId(int i) {
    return segments == null ? null : segments.id(i);
  }

  /** Number of images, at least 1. */
  public int size() {
    return entries.size();
  }

  /** Whether these are the images of another split. */
  public boolean hasSameFilesAs(Dataset other) {
    return entries.equals(other.entries);
  }

  /** Whether all images are there and no labels, as in test splits whose labels are not public. */
  public boolean isUnlabelled() {
    return entries.stream()
        .allMatch(entry -> Files.exists(entry.image()) && !Files.exists(entry.labels()));
  }

  /** Names and files of image {@code i}. */
  public Layout.Entry entry(int i) {
    return entries.get(i);
  }

  /** Names and colours of the classes. */
  public ClassTable classes() {
    return classes;
  }

  /** What looks like a mistake in the folders, a line each. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * To be called before all images are used: logs the warnings, once.
   *
   * @throws IOException if files are missing that are not to be skipped; nothing need be read to
   *     know that
   */
  public void begin(OnBadImage onBadImage) throws IOException {
    String lacking =
        missing.isEmpty()
            ? null
            : String.format(
                Locale.ROOT,
                "%s: %d of %d images lack a file; the first: %s: %s",
                name,
                missing.size(),
                entries.size(),
                missing.get(0),
                ImageFiles.absence(missing.get(0)));
    if (lacking != null && onBadImage == OnBadImage.FAIL) {
      throw new IOException(lacking);
    }
    if (begun.compareAndSet(false, true)) {
      warnings.forEach(LOG::warn);
      if (lacking != null) {
        LOG.warn("{}; skipped", lacking);
      }
    }
  }

  /** What becomes of Exif orientations. */
  public Exif exif() {
    return exif;
  }

  /**
   * How an image lies in its file.
   *
   * @param orientation of Exif, 2 to 8
   * @param labelsTell whether the size of labels shows which way they lie
   */
  public record Turn(int orientation, boolean labelsTell) {}

  /** The images read so far that are not upright in their files. */
  public SortedMap<Integer, Turn> turned() {
    return new TreeMap<>(turned);
  }

  /** Logs, once, that images were turned and that nothing tells whether labels were. */
  public void warnOfTurned() {
    if (exif == Exif.IGNORE || turned.isEmpty() || warnedOfTurned.get()) {
      return;
    }
    for (Map.Entry<Integer, Turn> turn : turned().entrySet()) {
      if (!turn.getValue().labelsTell && warnedOfTurned.compareAndSet(false, true)) {
        LOG.warn(
            "{}: turned by its Exif orientation {}; if labels are of the pixels as stored, set"
                + " exif: ignore",
            entries.get(turn.getKey()).image(),
            turn.getValue().orientation);
      }
    }
  }

  /**
   * Reads image {@code i} and its labels; with other tasks than semantic also its segments.
   *
   * @throws IOException "FILE: what is wrong" if a file is missing, damaged or of another size than
   *     the other, a label is not a class, or segments do not fit their description
   */
  public Sample read(int i) throws IOException {
    Layout.Entry entry = entries.get(i);
    if (frames != null) {
      return framed(i, entry, frames.read(entry.image()));
    }
    ImageFiles.Stored stored = ImageFiles.readStored(entry.image());
    BufferedImage image = exif.of(stored);
    PanopticMap map = segments == null ? null : segments.read(i);
    LabelMap values = map == null ? LabelMap.read(entry.labels()) : classesOf(map);
    if (stored.orientation() != 1) {
      boolean swaps = stored.orientation() >= 5 && image.getWidth() != image.getHeight();
      turned.put(i, new Turn(stored.orientation(), swaps));
    }
    requireSameSize(entry, stored, image, values);
    byte[] labels = classesOf(i, values);
    return new Sample(
        entry.name(),
        values.height(),
        values.width(),
        ImageFiles.rgb(image),
        labels,
        task == Task.SEMANTIC ? null : map);
  }

  private Sample framed(int i, Layout.Entry entry, Frames read) throws IOException {
    PanopticMap map = segments == null ? null : segments.read(i);
    LabelMap values = map == null ? LabelMap.read(entry.labels()) : classesOf(map);
    if (read.height() != values.height() || read.width() != values.width()) {
      throw otherSize(entry, values, read.width(), read.height(), "");
    }
    byte[] labels = classesOf(i, values);
    return new Sample(entry.name(), read, labels, task == Task.SEMANTIC ? null : map);
  }

  /**
   * The things in image {@code i}, as precision is measured by: with whole masks where files have
   * them, even where they overlap.
   *
   * @throws IOException "FILE: what is wrong"
   * @throws IllegalStateException if files do not tell things apart
   */
  public List<MaskPrecision.Truth> truths(int i) throws IOException {
    if (segments == null) {
      throw new IllegalStateException(name + " does not tell things apart");
    }
    return segments.truths(i);
  }

  /**
   * The values of image {@code i}'s label file; where files have segments, the classes of these.
   *
   * @throws IOException "FILE: what is wrong"
   */
  public LabelMap values(int i) throws IOException {
    return segments == null ? LabelMap.read(entries.get(i).labels()) : classesOf(segments.read(i));
  }

  private static LabelMap classesOf(PanopticMap map) {
    return new LabelMap(map.height(), map.width(), map.classes());
  }

  /**
   * What the {@link #values} of image {@code i} mean.
   *
   * @return class indices, {@link Sample#IGNORE} where there is none
   * @throws IOException "FILE: what is wrong" if a value has no meaning
   */
  public byte[] classesOf(int i, LabelMap values) throws IOException {
    if (segments != null) {
      return values.labels();
    }
    int[] invalidAt = new int[1];
    byte[] labels = rule.apply(values.labels(), invalidAt);
    if (invalidAt[0] >= 0) {
      int at = invalidAt[0];
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: label %d at x=%d, y=%d is not one of the %d classes",
              entries.get(i).labels(),
              values.labels()[at] & 0xff,
              at % values.width(),
              at / values.width(),
              classes.size()));
    }
    return labels;
  }

  private void requireSameSize(
      Layout.Entry entry, ImageFiles.Stored stored, BufferedImage image, LabelMap values)
      throws IOException {
    if (image.getWidth() == values.width() && image.getHeight() == values.height()) {
      return;
    }
    String hint = "";
    boolean swaps = stored.orientation() >= 5;
    if (swaps && image.getWidth() == values.height() && image.getHeight() == values.width()) {
      hint =
          String.format(
              Locale.ROOT,
              exif == Exif.APPLY
                  ? ", which Exif orientation %d turned; they fit its pixels as stored: set exif:"
                      + " ignore"
                  : " as stored; they fit it turned by Exif orientation %d: set exif: apply",
              stored.orientation());
    }
    throw otherSize(entry, values, image.getWidth(), image.getHeight(), hint);
  }

  private static IOException otherSize(
      Layout.Entry entry, LabelMap values, int width, int height, String hint) {
    return new IOException(
        String.format(
            Locale.ROOT,
            "%s: labels of %dx%d pixels for an image of %dx%d%s",
            entry.labels(),
            values.width(),
            values.height(),
            width,
            height,
            hint));
  }
}
