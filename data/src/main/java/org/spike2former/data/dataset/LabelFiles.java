package org.spike2former.data.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The label files of a split, by the names of the images that they belong to. */
final class LabelFiles {
  private final List<Path> folders;
  private final String suffix;
  private final List<Map<String, Path>> exact = new ArrayList<>();
  private final List<Map<String, List<Path>>> similar = new ArrayList<>();
  private final Set<Path> all = new HashSet<>();

  private LabelFiles(List<Path> folders, String suffix) {
    this.folders = folders;
    this.suffix = suffix;
  }

  /**
   * Lists those in some folders, of which not all need be there.
   *
   * @throws IOException naming the folder that cannot be read
   */
  static LabelFiles of(List<Path> folders, String suffix) throws IOException {
    LabelFiles labels = new LabelFiles(folders, suffix);
    for (Path folder : folders) {
      Map<String, Path> files = new HashMap<>();
      Map<String, List<Path>> named = new HashMap<>();
      if (Files.isDirectory(folder)) {
        FileTree tree = FileTree.of(folder, List.of());
        files.putAll(tree.files());
        files.values().removeIf(tree::isUnusable);
        named.putAll(tree.named(suffix));
      }
      labels.exact.add(files);
      labels.similar.add(named);
      named.values().forEach(labels.all::addAll);
    }
    return labels;
  }

  /** The labels of an image; null if there are none, or it is not clear which. */
  Path find(String name) {
    for (Map<String, Path> files : exact) {
      Path file = files.get(name + suffix);
      if (file != null) {
        return file;
      }
    }
    for (Path folder : folders) {
      Path file = folder.resolve(name + suffix);
      if (Files.exists(file)) {
        return file;
      }
    }
    for (Map<String, List<Path>> named : similar) {
      List<Path> files = named.getOrDefault(FileTree.composed(name), List.of());
      if (files.size() == 1) {
        return files.get(0);
      }
    }
    return null;
  }

  /** Where the labels of an image should be. */
  Path usual(String name) {
    return folders.get(0).resolve(name + suffix);
  }

  /** Whether a file is among them. */
  boolean holds(Path file) {
    return all.contains(file);
  }

  /** Adds a warning if there are labels without an image. */
  void warnOfOrphans(Layout.Listing listing) {
    Set<Path> orphans = new HashSet<>(all);
    Set<String> names = new HashSet<>();
    for (Layout.Entry entry : listing.entries()) {
      orphans.remove(entry.labels());
      orphans.remove(entry.image());
      names.add(FileTree.composed(entry.name()));
    }
    // Of the same name in several folders the first counts; the others are not orphans.
    for (Map<String, List<Path>> named : similar) {
      named.forEach(
          (name, files) -> {
            if (names.contains(name)) {
              files.forEach(orphans::remove);
            }
          });
    }
    orphans.stream()
        .sorted()
        .findFirst()
        .ifPresent(
            first ->
                listing
                    .warnings()
                    .add(
                        folders.get(0)
                            + ": label files without an image: "
                            + orphans.size()
                            + "; the first: "
                            + first));
  }
}
