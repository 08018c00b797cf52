package org.spike2former.data.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.data.coco.CocoImage;

/**
 * Finds the image files that a JSON file of COCO's kind lists: where it says, below the folder of
 * images, or else the only file below it that has the name, or the id and the layout's suffix, as
 * with Cityscapes, whose JSON files name the images otherwise than they are called.
 */
final class CocoImageFiles {
  private final Path folder;
  private final String suffix;
  private Map<String, List<Path>> named;

  /**
   * Files of a folder.
   *
   * @param suffix end of their names; null: any image format's
   * @throws IOException if there is no such folder
   */
  CocoImageFiles(Path folder, String suffix) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + ": no such folder of images");
    }
    this.folder = folder;
    this.suffix = suffix;
  }

  /**
   * The file of an image, which may not be there.
   *
   * @throws IOException if the image's file name is none, or several files may be meant
   */
  Path find(Path json, CocoImage image) throws IOException {
    String fileName = image.fileName() == null ? image.id().toString() : image.fileName();
    Path usual;
    try {
      usual = folder.resolve(fileName).normalize();
    } catch (InvalidPathException e) {
      throw new IOException(json + ": image " + image.id() + ": no name of a file", e);
    }
    if (!usual.startsWith(folder.normalize())) {
      throw new IOException(
          json + ": image " + image.id() + ": " + fileName + " is not below " + folder);
    }
    if (Files.isRegularFile(usual)) {
      return usual;
    }
    List<Path> found = new ArrayList<>(ofName(usual.getFileName().toString()));
    if (found.isEmpty() && suffix != null) {
      found.addAll(ofName(image.id() + suffix));
    }
    if (found.size() > 1) {
      throw new IOException(
          found.get(0)
              + ", "
              + found.get(1)
              + ": either may be image "
              + image.id()
              + " of "
              + json);
    }
    return found.isEmpty() ? usual : found.getFirst();
  }

  private List<Path> ofName(String name) throws IOException {
    if (named == null) {
      named = new HashMap<>();
      for (Path file : FileTree.of(folder, List.of()).files().values()) {
        named.computeIfAbsent(file.getFileName().toString(), _ -> new ArrayList<>()).add(file);
      }
    }
    return named.getOrDefault(name, List.of());
  }

  /** What an image is called: its path below the folder, without the end of the file's name. */
  String name(Path image) {
    String path = folder.normalize().relativize(image).toString().replace('\\', '/');
    String stem = suffix == null ? null : FileTree.stem(path, suffix);
    int dot = path.lastIndexOf('.');
    return stem != null ? stem : dot > path.lastIndexOf('/') + 1 ? path.substring(0, dot) : path;
  }
}
