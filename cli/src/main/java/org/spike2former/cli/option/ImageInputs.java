package org.spike2former.cli.option;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.spike2former.data.dataset.FileTree;
import org.spike2former.data.dataset.Layout;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.pixel.FrameFile;
import org.spike2former.data.pixel.FrameImage;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The images that a command works through: files, folders with all below them, standard input. */
public final class ImageInputs {
  private static final String STANDARD_INPUT = "-";

  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE|DIR|-",
      description = "Images, folders that are searched with all below them, or standard input.")
  private List<Path> given;

  @Option(
      names = "--glob",
      paramLabel = "PATTERN",
      description =
          "Which files of a folder, such as '*.jpg' for their names, or 'left/*.png' for their paths"
              + " from it (default: all images).")
  private String glob;

  /**
   * An image.
   *
   * @param file where it lies; null for standard input
   * @param name for messages and reports
   * @param stem what the results' names begin with: from the folder that was searched, without the
   *     ending
   * @param found whether it was found in a folder
   */
  public record Input(Path file, String name, String stem, boolean found) {
    /**
     * Reads it.
     *
     * @throws IOException naming the file
     */
    public BufferedImage read() throws IOException {
      return file == null ? ImageFiles.read(System.in) : FrameImage.read(file);
    }

    /** The name of its file alone; "stdin" for standard input. */
    public String fileName() {
      Path last = file == null ? null : file.getFileName();
      return last == null ? stem : last.toString();
    }

    /** The file that is written for it. */
    public Path result(Path folder, String ending) {
      return folder.resolve(stem + "-" + ending);
    }

    private static Input of(Path file) {
      Path last = file.getFileName();
      return new Input(
          file, file.toString(), ImageInputs.stem(last == null ? "image" : last.toString()), false);
    }
  }

  /**
   * What there is.
   *
   * @param inputs in the order of the arguments and, within a folder, of the paths
   * @param leftOut what was passed over in folders, a line each
   */
  public record Listing(List<Input> inputs, List<String> leftOut) {}

  /**
   * Lists them; files are not opened. In folders, results of an earlier run are left out.
   *
   * @param output folder of the results
   * @param written endings of this run's results
   * @param results endings of the pictures among any run's results
   * @throws IOException naming a folder that holds no images
   * @throws IllegalArgumentException if results would overwrite each other, or an input
   */
  public Listing list(Path output, List<String> written, List<String> results) throws IOException {
    List<Input> all = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    boolean folders = false;
    for (Path path : given) {
      if (path.toString().equals(STANDARD_INPUT)) {
        all.add(new Input(null, "standard input", "stdin", false));
      } else if (Files.isDirectory(path)) {
        folders = true;
        all.addAll(ofFolder(path, output, leftOut));
      } else {
        all.add(Input.of(path));
      }
    }
    if (glob != null && !folders) {
      throw new IllegalArgumentException("--glob goes with folders");
    }
    Set<Path> earlier = new HashSet<>();
    for (Input input : all) {
      results.forEach(ending -> earlier.add(absolute(input.result(output, ending))));
    }
    List<Input> inputs =
        all.stream()
            .filter(input -> !(input.found && earlier.contains(absolute(input.file))))
            .toList();
    if (inputs.size() < all.size()) {
      leftOut.add((all.size() - inputs.size()) + " results of an earlier run are left out");
    }
    requireDistinct(inputs);
    requireKept(inputs, output, written);
    return new Listing(inputs, leftOut);
  }

  private List<Input> ofFolder(Path folder, Path output, List<String> leftOut) throws IOException {
    Path base = absolute(folder);
    // The tree's paths begin as the folder's does.
    Path results =
        absolute(output).startsWith(base)
            ? folder.resolve(base.relativize(absolute(output)))
            : output;
    PathMatcher matcher = matcher();
    List<Input> inputs = new ArrayList<>();
    List<String> foreign = new ArrayList<>();
    for (Map.Entry<String, Path> entry : FileTree.of(folder, List.of(results)).files().entrySet()) {
      Path path = Path.of(entry.getKey());
      boolean named = matcher != null && matcher.matches(nameOrPath(path));
      if (named || matcher == null && (Layout.isImage(path) || FrameFile.isNamed(path))) {
        Path file = entry.getValue();
        inputs.add(new Input(file, file.toString(), stem(entry.getKey()), true));
      } else if (matcher == null && Layout.looksLikeImage(entry.getKey())) {
        foreign.add(entry.getKey());
      }
    }
    if (matcher == null && inputs.stream().anyMatch(input -> !FrameFile.isNamed(input.file))) {
      // Among photos they are anything, such as what a network computed.
      inputs.removeIf(input -> FrameFile.isNamed(input.file));
    }
    if (inputs.isEmpty()) {
      throw new IOException(
          folder
              + (glob == null ? ": holds no images" : ": holds no files that match " + glob)
              + (foreign.isEmpty() ? "" : " that can be read, but " + foreign.get(0)));
    }
    if (!foreign.isEmpty()) {
      leftOut.add(
          folder
              + ": files that are left out, because they are not JPEG, PNG, WebP, BMP, GIF or TIFF: "
              + foreign.size()
              + "; the first: "
              + foreign.get(0));
    }
    return inputs;
  }

  private PathMatcher matcher() {
    try {
      return glob == null ? null : FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("--glob: no pattern: " + e.getDescription(), e);
    }
  }

  private Path nameOrPath(Path path) {
    return glob.contains("/") ? path : path.getFileName();
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  /** A path without the last extension of its name. */
  private static String stem(String path) {
    int dot = path.lastIndexOf('.');
    return dot > path.lastIndexOf('/') + 1 ? path.substring(0, dot) : path;
  }

  private static void requireDistinct(List<Input> inputs) {
    Map<String, Input> seen = new HashMap<>();
    for (Input input : inputs) {
      Input other = seen.put(input.stem, input);
      if (other != null) {
        throw new IllegalArgumentException(
            other.name
                + " and "
                + input.name
                + " would both be written as "
                + input.stem
                + "-*.png");
      }
    }
  }

  /** Globs such as *.png also match the results of an earlier run. */
  private static void requireKept(List<Input> inputs, Path output, List<String> endings) {
    Set<Path> files = new HashSet<>();
    inputs.stream().filter(input -> input.file != null).forEach(i -> files.add(absolute(i.file)));
    for (Input input : inputs) {
      for (String ending : endings) {
        Path written = input.result(output, ending);
        if (files.contains(absolute(written))) {
          throw new IllegalArgumentException(
              written + ": an input that the results of " + input.name + " would overwrite");
        }
      }
    }
  }
}
