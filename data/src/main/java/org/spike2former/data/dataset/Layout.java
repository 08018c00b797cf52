package org.spike2former.data.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where a data set keeps the images and labels of a split. An image NAME + imageSuffix in the image
 * folder goes with NAME + labelSuffix in a label folder; NAME may hold folders. The names come from
 * a list file or, without one, from all files in the image folder and below, in the order of their
 * paths; hidden files do not count. {@code {split}} in a folder or list stands for the split's
 * name. Suffixes may be in capitals, and accents composed or not, in one name and not in the other.
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
  private static final String USE = "{use}";
  private static final List<String> FORMATS =
      List.of(".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".jfif", ".jpe");

  /** Image formats that cannot be read. */
  private static final List<String> FOREIGN =
      List.of(
          ".jp2", ".jxl", ".heic", ".heif", ".avif", ".ppm", ".pgm", ".pbm", ".pnm", ".tga", ".psd",
          ".exr", ".hdr", ".ico", ".dng", ".nef", ".cr2", ".arw");

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

  /**
   * What lies there.
   *
   * @param entries at least one
   * @param missing label files and images that are not there
   * @param warnings what looks like a mistake, a line each
   */
  record Listing(List<Entry> entries, List<Path> missing, List<String> warnings) {}

  /** Whether a file's name is that of an image. */
  public static boolean isImage(Path file) {
    return imageSuffixOf(file.toString()) != null;
  }

  private static String imageSuffixOf(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    return FORMATS.stream().filter(name::endsWith).findFirst().orElse(null);
  }

  /** The folder of a split's images. */
  Path imageFolder(Path root, String split) {
    return below(root, imageDir, split);
  }

  /** The folders of a split's labels, of which some may be missing. */
  List<Path> labelFolders(Path root, String split) {
    return labelDirs.stream().map(name -> below(root, name, split)).toList();
  }

  /** The file with a split's names; null if there is none. */
  Path listFile(Path root, String split) {
    return list == null ? null : below(root, list, split);
  }

  private static Path below(Path root, String path, String split) {
    return below(root, path, split, split);
  }

  /** What is called so below a root, where {@code {use}} is what a split is for. */
  static Path below(Path root, String path, String split, String use) {
    return root.resolve(Path.of(path.replace(SPLIT, split).replace(USE, use)).normalize());
  }

  /**
   * The images of a split; files are not opened.
   *
   * @throws IOException naming the folder or list that is missing, empty or unreadable, or a file
   *     whose part is not clear
   */
  Listing listing(Path root, String split) throws IOException {
    Path images = imageFolder(root, split);
    if (!Files.isDirectory(images)) {
      throw new IOException(images + ": no such folder of images");
    }
    List<Path> folders = new ArrayList<>();
    for (Path folder : labelFolders(root, split)) {
      boolean same = Files.isDirectory(folder) && Files.isSameFile(folder, images);
      folders.add(same ? images : folder);
    }
    if (folders.stream().noneMatch(Files::isDirectory)) {
      throw new IOException(folders.get(0) + ": no such folder of labels");
    }
    LabelFiles labels = LabelFiles.of(folders, labelSuffix);
    Path file = listFile(root, split);
    Listing listing = file == null ? walked(images, folders, labels) : listed(file, images, labels);
    requireClear(listing.entries);
    boolean belongs = imageDir.contains(SPLIT) == labelDirs.get(0).contains(SPLIT);
    if (file == null && belongs) {
      labels.warnOfOrphans(listing);
    }
    return listing;
  }

  private Listing listed(Path file, Path images, LabelFiles labels) throws IOException {
    Listing listing = new Listing(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Map<String, List<Path>> found = null;
    Set<String> seen = new HashSet<>();
    int repeated = 0;
    String first = null;
    for (String name : NameList.read(file)) {
      Path image = listedImage(file, images, name);
      if (!Files.exists(image)) {
        found = found == null ? named(FileTree.of(images, List.of())) : found;
        List<Path> others = found.getOrDefault(FileTree.composed(name), List.of());
        image = others.size() == 1 ? others.get(0) : image;
        if (others.isEmpty() && Files.isRegularFile(images.resolve(name))) {
          throw new IOException(
              file + ": expected names without their ending, found " + name + "; leave it off");
        }
      }
      add(listing, name, image, Files.isRegularFile(image), labels);
      if (!seen.add(name)) {
        repeated++;
        first = first == null ? name : first;
      }
    }
    if (repeated > 0) {
      listing.warnings.add(
          file + ": names that are repeated: " + repeated + "; the first: " + first);
    }
    return listing;
  }

  /** All images by their composed names. */
  private Map<String, List<Path>> named(FileTree tree) {
    if (imageSuffix != null) {
      return tree.named(imageSuffix);
    }
    Map<String, List<Path>> all = new HashMap<>();
    for (String format : FORMATS) {
      tree.named(format)
          .forEach(
              (name, files) -> all.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(files));
    }
    return all;
  }

  private Path listedImage(Path list, Path images, String name) throws IOException {
    try {
      if (imageSuffix != null) {
        return images.resolve(name + imageSuffix);
      }
      Path found = null;
      for (String format : FORMATS) {
        Path file = images.resolve(name + format);
        if (Files.exists(file)) {
          if (found != null) {
            throw new IOException(
                found + ", " + file + ": two images of one name; give image_suffix");
          }
          found = file;
        }
      }
      return found == null ? images.resolve(name + FORMATS.get(0)) : found;
    } catch (InvalidPathException e) {
      throw new IOException(list + ": no name of a file: " + name, e);
    }
  }

  private static void add(
      Listing listing, String name, Path image, boolean exists, LabelFiles labels) {
    Path file = labels.find(name);
    listing.entries.add(new Entry(name, image, file == null ? labels.usual(name) : file));
    if (!exists) {
      listing.missing.add(image);
    } else if (file == null) {
      listing.missing.add(labels.usual(name));
    }
  }

  private Listing walked(Path images, List<Path> folders, LabelFiles labels) throws IOException {
    FileTree tree =
        FileTree.of(images, folders.stream().filter(folder -> !folder.equals(images)).toList());
    Listing listing = new Listing(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<String> leftOut = new ArrayList<>();
    for (Map.Entry<String, Path> file : tree.files().entrySet()) {
      String path = file.getKey();
      String suffix = imageSuffix == null ? imageSuffixOf(path) : imageSuffix;
      String name = suffix == null ? null : FileTree.stem(path, suffix);
      boolean isLabel =
          labels.holds(file.getValue()) && (name == null || labelSuffix.length() > suffix.length());
      if (name != null && !isLabel) {
        add(listing, name, file.getValue(), !tree.isUnusable(file.getValue()), labels);
      } else if (!isLabel && looksLikeImage(path)) {
        leftOut.add(path);
      }
    }
    String wanted = imageSuffix == null ? "images" : "*" + imageSuffix;
    if (listing.entries.isEmpty()) {
      throw new IOException(
          images
              + ": holds no "
              + wanted
              + (leftOut.isEmpty() ? "" : ", but " + leftOut.size() + " like " + leftOut.get(0))
              + (tree.hidden() == 0 ? "" : " (" + tree.hidden() + " hidden files do not count)"));
    }
    if (!leftOut.isEmpty()) {
      listing.warnings.add(
          images
              + ": files that are left out, because they are not "
              + (imageSuffix == null ? "JPEG, PNG, WebP, BMP, GIF or TIFF" : wanted)
              + ": "
              + leftOut.size()
              + "; the first: "
              + leftOut.get(0));
    }
    listing.entries.sort(Comparator.comparing(Entry::name));
    return listing;
  }

  /** Whether a path ends as that of an image does, of a format that is read or not. */
  public static boolean looksLikeImage(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    return isImage(Path.of(path)) || FOREIGN.stream().anyMatch(name::endsWith);
  }

  /** A file has one part, and labels belong to one image. */
  private static void requireClear(List<Entry> entries) throws IOException {
    Set<Path> images = new HashSet<>();
    entries.forEach(entry -> images.add(entry.image.normalize()));
    Map<Path, Path> owners = new HashMap<>();
    for (Entry entry : entries) {
      Path labels = entry.labels.normalize();
      if (images.contains(labels)) {
        throw new IOException(
            entry.labels
                + ": taken for an image and for labels at once; give image_suffix, such as .jpg, or"
                + " keep labels in a folder of their own");
      }
      Path other = owners.putIfAbsent(labels, entry.image);
      if (other != null && !other.equals(entry.image)) {
        throw new IOException(
            other
                + ", "
                + entry.image
                + ": two images for the labels "
                + entry.labels
                + "; give image_suffix, or take one away");
      }
    }
  }
}
