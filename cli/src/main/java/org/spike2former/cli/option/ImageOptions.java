package org.spike2former.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.dataset.FileTree;
import org.spike2former.data.dataset.Layout;
import org.spike2former.data.image.Exif;
import org.spike2former.data.image.ResizeRule;
import picocli.CommandLine.Option;

/** The options that say which images a network looks at; labels are not needed. */
public final class ImageOptions {
  @Option(
      names = "--data",
      arity = "1..*",
      paramLabel = "CONFIG|DIR|IMAGE",
      description =
          "A YAML file or a name in configs/datasets, or folders of images and image files.")
  private List<Path> data;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      description = "Of a data set: train, val, test or its own name (default: test).")
  private String split;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "The data set's folder (default: as the configuration says).")
  private Path root;

  @Option(names = "--limit", paramLabel = "N", description = "Take the first N images only.")
  private Integer limit;

  /**
   * Images and how they are resized.
   *
   * @param name for reports
   * @param files at least one
   * @param resize null: as the model says
   * @param exif what becomes of the orientation that files state
   */
  public record Selection(String name, List<Path> files, ResizeRule resize, Exif exif) {}

  /**
   * Whether there are any.
   *
   * @throws IllegalArgumentException if options that choose among them are given alone
   */
  public boolean given() {
    if (data == null && (split != null || root != null || limit != null)) {
      throw new IllegalArgumentException("--split, --root and --limit go with --data");
    }
    return data != null;
  }

  /**
   * Lists them.
   *
   * @throws IOException naming the file or folder that is missing or holds no images
   */
  public Selection list() throws IOException {
    if (limit != null && limit < 1) {
      throw new IllegalArgumentException("--limit must be 1 or more, found " + limit);
    }
    Path first = data.get(0);
    boolean isDataset = !Files.isDirectory(first) && !Layout.isImage(first);
    if (isDataset && data.size() > 1) {
      throw new IllegalArgumentException("--data takes one data set, or images and their folders");
    }
    Selection all = isDataset ? ofDataset(first) : ofPaths();
    List<Path> files = all.files();
    return limit == null || limit >= files.size()
        ? all
        : new Selection(all.name(), files.subList(0, limit), all.resize(), all.exif());
  }

  private Selection ofDataset(Path source) throws IOException {
    DataConfig config = DataOptions.load(source, root);
    Dataset dataset = config.dataset(split == null ? DataOptions.SPLIT : split);
    List<Path> files =
        IntStream.range(0, dataset.size()).mapToObj(i -> dataset.entry(i).image()).toList();
    return new Selection(dataset.name(), files, config.inference().resize(), config.exif());
  }

  private Selection ofPaths() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : data) {
      if (Files.isDirectory(path)) {
        files.addAll(ofFolder(path));
      } else {
        files.add(path);
      }
    }
    String name = data.size() == 1 ? data.get(0).toString() : files.size() + " images";
    return new Selection(name, files, null, Exif.APPLY);
  }

  private static List<Path> ofFolder(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> files =
          entries
              .filter(Files::isRegularFile)
              .filter(Layout::isImage)
              .filter(file -> !FileTree.isHidden(file))
              .sorted()
              .toList();
      if (files.isEmpty()) {
        throw new IOException(folder + ": holds no images");
      }
      return files;
    }
  }
}
