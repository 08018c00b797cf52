package org.spike2former.data.dataset;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files in a folder and below, in the order of their paths; links are followed. What file
 * managers, notebooks and network drives leave behind ({@code ._*}, {@code .ipynb_checkpoints},
 * {@code Thumbs.db}, {@code @eaDir}…) is left out.
 */
public final class FileTree {
  private static final Set<String> LITTER =
      Set.of(
          "__MACOSX",
          "@eaDir",
          "#recycle",
          "$RECYCLE.BIN",
          "System Volume Information",
          "lost+found",
          "Thumbs.db",
          "desktop.ini");

  private final Path folder;
  private final SortedMap<String, Path> files = new TreeMap<>();
  private final Set<Path> unusable = new HashSet<>();
  private int hidden;

  private FileTree(Path folder) {
    this.folder = folder;
  }

  /** Whether a file or folder is not the user's: hidden, or left behind by a program. */
  public static boolean isHidden(Path file) {
    Path last = file.getFileName();
    String name = last == null ? "" : last.toString();
    return name.startsWith(".") && !name.equals(".") && !name.equals("..") || LITTER.contains(name);
  }

  /**
   * Walks through a folder.
   *
   * @param except folders below it that are left out
   * @throws IOException naming the folder that cannot be read, the link that leads in a circle, or
   *     two files whose names look the same
   */
  public static FileTree of(Path folder, Collection<Path> except) throws IOException {
    FileTree tree = new FileTree(folder);
    Files.walkFileTree(
        folder,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        tree.new Visitor(except));
    return tree;
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    private final Collection<Path> except;

    Visitor(Collection<Path> except) {
      this.except = except;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      if (directory.equals(folder)) {
        return FileVisitResult.CONTINUE;
      }
      boolean skip = isHidden(directory);
      hidden += skip ? 1 : 0;
      return skip || except.contains(directory)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (isHidden(file)) {
        hidden++;
        return FileVisitResult.CONTINUE;
      }
      if (!attributes.isRegularFile()) {
        unusable.add(file);
      }
      String path = folder.relativize(file).toString().replace('\\', '/');
      if (files.putIfAbsent(path, file) != null) {
        throw new IOException(
            file + ": two files have names that cannot be told apart; rename them");
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof FileSystemLoopException) {
        throw new IOException(file + ": a link to a folder that it lies in", e);
      }
      if (e instanceof AccessDeniedException) {
        throw new IOException(file + ": no permission to read it", e);
      }
      throw e;
    }
  }

  /** The folder itself. */
  Path folder() {
    return folder;
  }

  /** All files by their paths from the folder, with "/" between the parts. */
  public SortedMap<String, Path> files() {
    return files;
  }

  /** Whether a file is a link that leads nowhere, or no plain file. */
  boolean isUnusable(Path file) {
    return unusable.contains(file);
  }

  /** Number of files and folders that were left out as hidden. */
  int hidden() {
    return hidden;
  }

  /**
   * The usable files whose paths end in a suffix, by what comes before it, composed: capital
   * letters in the suffix, and accents of their own as some systems write them, make no difference.
   */
  Map<String, List<Path>> named(String suffix) {
    Map<String, List<Path>> named = new HashMap<>();
    files.forEach(
        (path, file) -> {
          String name = stem(path, suffix);
          if (name != null && !unusable.contains(file)) {
            named.computeIfAbsent(composed(name), _ -> new ArrayList<>()).add(file);
          }
        });
    return named;
  }

  /** The path without a suffix, whose letters may be capital; null if it ends otherwise. */
  static String stem(String path, String suffix) {
    int length = path.length() - suffix.length();
    return length >= 0 && path.regionMatches(true, length, suffix, 0, suffix.length())
        ? path.substring(0, length)
        : null;
  }

  /** A name with letters and accents as one. */
  static String composed(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }
}
