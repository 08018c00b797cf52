package org.spike2former.data.dataset;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Images;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Sample;

/** The images of a split of a data set, with their labels. May be read by several threads. */
public final class Dataset {
  private final String name;
  private final List<Layout.Entry> entries;
  private final LabelRule rule;
  private final ClassTable classes;

  private Dataset(String name, List<Layout.Entry> entries, LabelRule rule, ClassTable classes) {
    this.name = name;
    this.entries = entries;
    this.rule = rule;
    this.classes = classes;
  }

  /**
   * Lists a split's images.
   *
   * @param split train, val, test, or what the data set itself calls a split
   * @throws IOException naming the folder or list that is missing or empty
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
    List<Layout.Entry> entries = config.layout().entries(root, stored);
    return new Dataset(config.type() + " " + split, entries, config.labels(), config.classes());
  }

  /** The data set and split, for messages. */
  public String name() {
    return name;
  }

  /** Number of images, at least 1. */
  public int size() {
    return entries.size();
  }

  /** Names and files of image {@code i}. */
  public Layout.Entry entry(int i) {
    return entries.get(i);
  }

  /** Names and colours of the classes. */
  public ClassTable classes() {
    return classes;
  }

  /**
   * Reads image {@code i} and its labels.
   *
   * @throws IOException "FILE: what is wrong" if a file is missing, damaged or of another size than
   *     the other, or a label is no class
   */
  public Sample read(int i) throws IOException {
    Layout.Entry entry = entries.get(i);
    BufferedImage image = Images.read(entry.image());
    LabelMap values = LabelMap.read(entry.labels());
    if (image.getWidth() != values.width() || image.getHeight() != values.height()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: labels of %dx%d pixels for an image of %dx%d",
              entry.labels(),
              values.width(),
              values.height(),
              image.getWidth(),
              image.getHeight()));
    }
    byte[] labels = classesOf(i, values);
    return new Sample(entry.name(), values.height(), values.width(), Images.rgb(image), labels);
  }

  /**
   * What the values of image {@code i}'s label file mean.
   *
   * @return class indices, {@link Sample#IGNORE} where there is none
   * @throws IOException "FILE: what is wrong" if a value has no meaning
   */
  public byte[] classesOf(int i, LabelMap values) throws IOException {
    int[] invalidAt = new int[1];
    byte[] labels = rule.apply(values.labels(), invalidAt);
    if (invalidAt[0] >= 0) {
      int at = invalidAt[0];
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: label %d at x=%d, y=%d is none of the %d classes",
              entries.get(i).labels(),
              values.labels()[at] & 0xff,
              at % values.width(),
              at / values.width(),
              classes.size()));
    }
    return labels;
  }
}
