package org.spike2former.data.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where a data set keeps the images and labels of a split. An image NAME + imageSuffix in the image
 * folder goes with NAME + labelSuffix in a label folder; NAME may hold folders. The names come from
 * a list file or, without one, from all files in the image folder and below, in the order of their
 * paths. {@code {split}} in a folder or list stands for the split's name.
 *
 * @param imageDir folder of the images, below the root
 * @param labelDirs folders of the labels, below the root; of several the first that has the file
 * @param imageSuffix end of the images' file names; null: any image format's
 * @param labelSuffix end of the labels' file names
 * @param list text file with a name per line, below the root; null: none
 */
public record Layout(
    String imageDir, List<String> labelDirs, String imageSuffix, String labelSuffix, String list) {
  private static final String SPLIT = "{split}";
  private static final List<String> FORMATS =
      List.of(".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff");

  /** Keeps a copy of the folders. */
  public Layout {
    labelDirs = List.copyOf(labelDirs);
    if (labelDirs.isEmpty()) {
      throw new IllegalArgumentException("no folder of labels");
    }
  }

  /**
   * An image and its labels.
   *
   * @param name the part of the path that both have in common
   * @param image image file
   * @param labels label file, which may be missing
   */
  public record Entry(String name, Path image, Path labels) {}

  /** Whether a file's name is that of an image. */
  public static boolean isImage(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return FORMATS.stream().anyMatch(name::endsWith);
  }

  /**
   * The images of a split; label files are not looked at.
   *
   * @throws IOException naming the folder or list that is missing or empty
   */
  List<Entry> entries(Path root, String split) throws IOException {
    Path images = root.resolve(imageDir.replace(SPLIT, split));
    if (!Files.isDirectory(images)) {
      throw new IOException(images + ": no such folder of images");
    }
    List<Path> labels = new ArrayList<>();
    for (String folder : labelDirs) {
      labels.add(root.resolve(folder.replace(SPLIT, split)));
    }
    if (labels.stream().noneMatch(Files::isDirectory)) {
      throw new IOException(labels.get(0) + ": no such folder of labels");
    }
    List<Entry> entries =
        list == null
            ? walked(images, labels)
            : listed(root.resolve(list.replace(SPLIT, split)), images, labels);
    if (entries.isEmpty()) {
      throw new IOException(
          images + ": holds no " + (imageSuffix == null ? "images" : "*" + imageSuffix));
    }
    return entries;
  }

  private List<Entry> listed(Path file, Path images, List<Path> labels) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + ": no such list of names");
    }
    List<Entry> entries = new ArrayList<>();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      String name = line.strip();
      if (!name.isEmpty()) {
        entries.add(new Entry(name, image(images, name), label(labels, name)));
      }
    }
    if (entries.isEmpty()) {
      throw new IOException(file + ": the list is empty");
    }
    return entries;
  }

  private Path image(Path images, String name) {
    if (imageSuffix != null) {
      return images.resolve(name + imageSuffix);
    }
    for (String format : FORMATS) {
      Path file = images.resolve(name + format);
      if (Files.exists(file)) {
        return file;
      }
    }
    return images.resolve(name + FORMATS.get(0));
  }

  private List<Entry> walked(Path images, List<Path> labels) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.walk(images, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String path = images.relativize(file).toString().replace('\\', '/');
        String suffix = suffix(path);
        if (suffix != null) {
          String name = path.substring(0, path.length() - suffix.length());
          entries.add(new Entry(name, file, label(labels, name)));
        }
      }
    }
    entries.sort(Comparator.comparing(Entry::name));
    return entries;
  }

  /** The end of the path that is not part of the name; null if this is no image. */
  private String suffix(String path) {
    if (imageSuffix != null) {
      return path.endsWith(imageSuffix) ? imageSuffix : null;
    }
    for (String format : FORMATS) {
      if (path.toLowerCase(Locale.ROOT).endsWith(format)) {
        return path.substring(path.length() - format.length());
      }
    }
    return null;
  }

  private Path label(List<Path> folders, String name) {
    for (Path folder : folders) {
      Path file = folder.resolve(name + labelSuffix);
      if (folders.size() == 1 || Files.exists(file)) {
        return file;
      }
    }
    return folders.get(0).resolve(name + labelSuffix);
  }
}
