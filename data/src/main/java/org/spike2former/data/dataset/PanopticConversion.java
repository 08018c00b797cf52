package org.spike2former.data.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Folders;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Sample;
import org.spike2former.data.Task;
import org.spike2former.data.coco.CocoId;
import org.spike2former.data.coco.CocoPanopticWriter;
import org.spike2former.data.loader.OnBadImage;
import org.spike2former.data.panoptic.Components;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;

/**
 * Writes a data set in COCO's panoptic format, as a folder: {@code annotations/panoptic_SPLIT.json}
 * and the PNG files in the folder of that name, {@code classes.json}, and {@code data.yaml}, with
 * which it can be read again as it is. The folder is there whole or not at all.
 */
public final class PanopticConversion {
  private static final Logger LOG = LoggerFactory.getLogger(PanopticConversion.class);

  private final DataConfig data;
  private final Components components;
  private final ClassTable classes;

  /** For each class of the data set its index in {@link #classes}. */
  private final int[] classOf;

  private final boolean copyImages;
  private final OnBadImage onBadImage;

  /**
   * What was written of a split.
   *
   * @param name of the data set and the split
   * @param json the file
   */
  public record Split(String name, Path json, int images, int things, int crowds, int stuff) {}

  /** Told of every image. */
  @FunctionalInterface
  public interface Progress {
    /** One more was written. */
    void step();
  }

  /**
   * Of a data set that tells things apart.
   *
   * @param copyImages whether the folder is to have the images too; else {@code data.yaml} says
   *     where they are
   */
  public static PanopticConversion of(DataConfig data, boolean copyImages, OnBadImage onBadImage) {
    if (data.segments() == null) {
      throw new IllegalArgumentException(
          data.type()
              + ": the data set does not tell things apart; name the classes whose connected"
              + " regions are things");
    }
    if (data.task() == Task.SEMANTIC) {
      throw new IllegalArgumentException(
          data.type() + ": task: semantic tells nothing apart; leave it out");
    }
    return new PanopticConversion(data, null, data.classes(), copyImages, onBadImage);
  }

  /**
   * Of a data set that has classes alone: each connected region of some of them is a thing.
   *
   * @param things names of these
   * @param minArea pixels of the smallest thing
   * @param connectivity 4 or 8, as {@link Components} says
   */
  public static PanopticConversion ofRegions(
      DataConfig data,
      List<String> things,
      int minArea,
      int connectivity,
      boolean copyImages,
      OnBadImage onBadImage) {
    if (data.segments() != null) {
      throw new IllegalArgumentException(data.type() + ": the data set tells things apart itself");
    }
    for (String thing : things) {
      if (!data.classes().names().contains(thing)) {
        throw new IllegalArgumentException(data.type() + ": the data set has no class " + thing);
      }
    }
    List<String> names = new ArrayList<>(things.stream().distinct().toList());
    int count = names.size();
    data.classes().names().stream().filter(name -> !things.contains(name)).forEach(names::add);
    int[] palette =
        names.stream()
            .mapToInt(name -> data.classes().color(data.classes().names().indexOf(name)))
            .toArray();
    ClassTable classes = new ClassTable(names, palette, Sample.IGNORE, count);
    Components components = new Components(count, minArea, connectivity);
    return new PanopticConversion(data, components, classes, copyImages, onBadImage);
  }

  private PanopticConversion(
      DataConfig data,
      Components components,
      ClassTable classes,
      boolean copyImages,
      OnBadImage onBadImage) {
    this.data = data;
    this.components = components;
    this.classes = classes;
    this.classOf = data.classes().names().stream().mapToInt(classes.names()::indexOf).toArray();
    this.copyImages = copyImages;
    this.onBadImage = onBadImage;
  }

  /**
   * Converts.
   *
   * @param splits at least one; of several with the same files only the first counts
   * @param output the folder, which must not be there yet, or be empty
   * @throws IOException "FILE: what is wrong" naming what cannot be read or written; nothing is
   *     left then
   */
  public List<Split> write(List<Dataset> splits, Path output, Progress progress)
      throws IOException {
    return Folders.write(output, folder -> fill(splits, folder, output, progress));
  }

  private List<Split> fill(List<Dataset> splits, Path folder, Path output, Progress progress)
      throws IOException {
    List<Split> written = new ArrayList<>();
    Map<String, String> names = new LinkedHashMap<>();
    for (Dataset split : splits) {
      String use = split.split();
      String stored = data.splits().getOrDefault(use, use);
      boolean done = names.containsValue(stored);
      names.put(use, stored);
      if (!done) {
        written.add(write(split, stored, folder, output, progress));
      }
    }
    Files.writeString(folder.resolve("classes.json"), classes.toJson().toPrettyString() + "\n");
    Files.writeString(
        folder.resolve("data.yaml"), yaml(names, output.toAbsolutePath().normalize()));
    return written;
  }

  private Split write(Dataset dataset, String stored, Path folder, Path output, Progress progress)
      throws IOException {
    dataset.begin(onBadImage);
    String name = "panoptic_" + stored.replace('/', '_');
    Path annotations = folder.resolve("annotations");
    Path images = data.layout().imageFolder(data.root(), stored);
    int count = 0;
    int[] kinds = new int[3];
    try (CocoPanopticWriter writer =
        new CocoPanopticWriter(
            annotations.resolve(name + ".json"),
            annotations.resolve(name),
            classes,
            categoryIds())) {
      for (int i = 0; i < dataset.size(); i++) {
        Layout.Entry entry = dataset.entry(i);
        PanopticMap map;
        try {
          map = map(dataset, i);
        } catch (IOException e) {
          if (onBadImage == OnBadImage.FAIL) {
            throw e;
          }
          LOG.warn("{}; skipped", e.getMessage());
          continue;
        }
        String file = images.relativize(entry.image()).toString().replace('\\', '/');
        CocoId id = dataset.cocoId(i) == null ? CocoId.of(i + 1) : dataset.cocoId(i);
        writer.add(id, file, entry.name() + ".png", map);
        if (copyImages) {
          Path copy = folder.resolve("images").resolve(stored).resolve(file);
          Files.createDirectories(copy.getParent());
          Files.copy(entry.image(), copy);
        }
        for (Segment segment : map.segments()) {
          kinds[segment.crowd() ? 1 : segment.thing() ? 0 : 2]++;
        }
        count++;
        progress.step();
      }
      if (count == 0) {
        throw new IOException(dataset.name() + ": not one of its images can be used");
      }
      writer.finish();
    }
    Path json = output.resolve("annotations").resolve(name + ".json");
    return new Split(dataset.name(), json, count, kinds[0], kinds[1], kinds[2]);
  }

  /** The image is read too, as sizes must fit. */
  private PanopticMap map(Dataset dataset, int i) throws IOException {
    Sample sample = dataset.read(i);
    PanopticMap map = sample.segments();
    if (components != null) {
      byte[] labels = new byte[sample.labels().length];
      for (int p = 0; p < labels.length; p++) {
        int label = sample.labels()[p] & 0xff;
        labels[p] = (byte) (label < classOf.length ? classOf[label] : Sample.IGNORE);
      }
      try {
        map = components.of(new LabelMap(sample.height(), sample.width(), labels), classes.size());
      } catch (IllegalArgumentException e) {
        throw new IOException(dataset.entry(i).labels() + ": " + e.getMessage(), e);
      }
    }
    if (map.segments().isEmpty()) {
      throw new IOException(
          dataset.entry(i).labels() + ": image " + dataset.entry(i).name() + ": no segment");
    }
    return map;
  }

  /** As the data set's own files have them, or counted from 1. */
  private List<Integer> categoryIds() {
    SegmentRule rule = data.segments();
    if (rule == null || rule.categoryIds() == null || rule.stored() == null) {
      return IntStream.rangeClosed(1, classes.size()).boxed().toList();
    }
    return classes.names().stream()
        .map(name -> rule.categoryIds().get(rule.stored().names().indexOf(name)))
        .toList();
  }

  private String yaml(Map<String, String> splits, Path target) {
    List<String> used =
        splits.entrySet().stream().map(e -> e.getKey() + ": " + quoted(e.getValue())).toList();
    String images =
        copyImages
            ? "images/{split}"
            : data.root().toAbsolutePath().normalize().resolve(data.layout().imageDir()).toString();
    return "# Written by s2f data convert from "
        + data.type()
        + "; train_pipeline and inference are to be added.\n"
        + "type: folder-panoptic\nroot: "
        + quoted(target.toString())
        + "\nsplits: {"
        + String.join(", ", used)
        + "}\nimage_dir: "
        + quoted(images)
        + "\nannotations: \"annotations/panoptic_{split}.json\"\nclasses: "
        + quoted(target.resolve("classes.json").toString())
        + "\n";
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
