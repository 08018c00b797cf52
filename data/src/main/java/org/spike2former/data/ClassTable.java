package org.spike2former.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The classes that a network tells apart; class k is the k-th name.
 *
 * @param names names of the K classes
 * @param palette their colours, 0xRRGGBB
 * @param ignoreIndex label of pixels that belong to no class in the label files, 0 to 255; where it
 *     is also the index of a class, that class has no pixels. Inside the program such pixels are
 *     always {@link Sample#IGNORE}.
 */
public record ClassTable(List<String> names, int[] palette, int ignoreIndex) {
  /** Most classes: a label is a byte, and one value means "ignore". */
  public static final int MAX_CLASSES = 255;

  /** The label of pixels without class in most data sets. */
  public static final int DEFAULT_IGNORE_INDEX = 255;

  private static final Set<String> KEYS = Set.of("names", "palette", "ignore_index");

  /**
   * Checks the table.
   *
   * @throws IllegalArgumentException if it is not consistent
   */
  public ClassTable {
    names = List.copyOf(names);
    palette = palette.clone();
    if (names.isEmpty() || names.size() > MAX_CLASSES) {
      throw new IllegalArgumentException(
          "names: expected 1 to " + MAX_CLASSES + " classes, found " + names.size());
    }
    if (Set.copyOf(names).size() < names.size()) {
      throw new IllegalArgumentException("names: a class is named twice");
    }
    for (String name : names) {
      if (name.isBlank()) {
        throw new IllegalArgumentException("names: a class has no name");
      }
      if (name.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException("names: a name holds a control character");
      }
    }
    if (palette.length != names.size()) {
      throw new IllegalArgumentException(
          "palette: expected " + names.size() + " colours, found " + palette.length);
    }
    if (ignoreIndex < 0 || ignoreIndex > 255) {
      throw new IllegalArgumentException("ignore_index: expected 0 to 255, found " + ignoreIndex);
    }
  }

  /** Classes in the colours of {@link #vocPalette}; label 255 is ignored. */
  public static ClassTable of(List<String> names) {
    return new ClassTable(names, vocPalette(names.size()), DEFAULT_IGNORE_INDEX);
  }

  /** The same with another label for pixels without class. */
  public ClassTable withIgnoreIndex(int index) {
    return new ClassTable(names, palette, index);
  }

  /** Number of classes K. */
  public int size() {
    return names.size();
  }

  /** A copy. */
  @Override
  public int[] palette() {
    return palette.clone();
  }

  /** Colour of class {@code k}, 0xRRGGBB. */
  public int color(int k) {
    return palette[k];
  }

  /**
   * Reads a {@code classes.json}: {@code names} and, where wanted, {@code palette} (else {@link
   * #vocPalette}) and {@code ignore_index} (else 255).
   *
   * @throws IOException "FILE: key: what is wrong"
   */
  public static ClassTable read(Path file) throws IOException {
    ConfigNode json = ConfigNode.readJson(file, KEYS);
    List<String> names = json.strings("names");
    int[] palette = json.has("palette") ? json.colors("palette") : vocPalette(names.size());
    int ignoreIndex =
        json.has("ignore_index") ? json.integer("ignore_index", 0, 255) : DEFAULT_IGNORE_INDEX;
    try {
      return new ClassTable(names, palette, ignoreIndex);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Whether a {@code classes.json} has an {@code ignore_index} of its own. */
  public static boolean statesIgnoreIndex(Path file) throws IOException {
    return ConfigNode.readJson(file, KEYS).has("ignore_index");
  }

  /**
   * The PASCAL VOC colours: bits 0, 3, 6… of k become the high bits of red, 1, 4, 7… of green and
   * 2, 5… of blue.
   */
  public static int[] vocPalette(int size) {
    int[] palette = new int[size];
    for (int k = 0; k < size; k++) {
      for (int bit = 0; bit < 8; bit++) {
        int triple = k >> (3 * bit);
        int rgb = (triple & 1) << 16 | (triple >> 1 & 1) << 8 | triple >> 2 & 1;
        palette[k] |= rgb << (7 - bit);
      }
    }
    return palette;
  }
}
