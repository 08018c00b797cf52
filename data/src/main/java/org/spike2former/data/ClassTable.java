package org.spike2former.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;

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

  /**
   * Checks the table.
   *
   * @throws IllegalArgumentException if it is not consistent
   */
  public ClassTable {
    names = List.copyOf(names);
    palette = palette.clone();
    if (names.isEmpty() || names.size() > MAX_CLASSES) {
      throw BadValueException.of("names", "1 to " + MAX_CLASSES + " classes", names.size());
    }
    if (Set.copyOf(names).size() < names.size()) {
      throw new BadValueException("names", "a class is named twice");
    }
    for (String name : names) {
      if (name.isBlank()) {
        throw new BadValueException("names", "a class has no name");
      }
      if (name.chars().anyMatch(Character::isISOControl)) {
        throw new BadValueException("names", "a name holds a control character");
      }
    }
    if (palette.length != names.size()) {
      throw BadValueException.of("palette", names.size() + " colours", palette.length);
    }
    if (ignoreIndex < 0 || ignoreIndex > 255) {
      throw BadValueException.of("ignore_index", "0 to 255", ignoreIndex);
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
   * The keys of a {@code classes.json}.
   *
   * @param palette red, green and blue of each class; null: {@link #vocPalette}
   * @param ignoreIndex null: not stated
   */
  private record Keys(
      @JsonProperty(required = true) List<String> names,
      List<List<Integer>> palette,
      @Range(min = 0, max = 255) Integer ignoreIndex) {
    private Keys {
      Ranges.check(Keys.class, names, palette, ignoreIndex);
      // So that errors name the line.
      ClassTable.of(names, palette, ignoreIndex);
    }

    ClassTable table() {
      return ClassTable.of(names, palette, ignoreIndex);
    }
  }

  private static ClassTable of(
      List<String> names, List<List<Integer>> palette, Integer ignoreIndex) {
    return new ClassTable(
        names,
        palette == null ? vocPalette(names.size()) : rgb(palette),
        ignoreIndex == null ? DEFAULT_IGNORE_INDEX : ignoreIndex);
  }

  /**
   * Colours as 0xRRGGBB.
   *
   * @param palette [red, green, blue] of each
   * @throws BadValueException for the first that is none, under the key palette
   */
  public static int[] rgb(List<List<Integer>> palette) {
    return IntStream.range(0, palette.size()).map(i -> rgb(i, palette.get(i))).toArray();
  }

  private static int rgb(int index, List<Integer> color) {
    if (color.size() != 3 || color.stream().anyMatch(c -> c == null || c < 0 || c > 255)) {
      throw BadValueException.of(
          "palette[" + index + "]", "[red, green, blue], each from 0 to 255", color);
    }
    return color.get(0) << 16 | color.get(1) << 8 | color.get(2);
  }

  /**
   * Reads a {@code classes.json}: {@code names} and, where wanted, {@code palette} (else {@link
   * #vocPalette}) and {@code ignore_index} (else 255).
   *
   * @throws IOException "FILE: key: what is wrong"
   */
  public static ClassTable read(Path file) throws IOException {
    return ConfigTree.readJson(file).bind(Keys.class).table();
  }

  /** Whether a {@code classes.json} has an {@code ignore_index} of its own. */
  public static boolean statesIgnoreIndex(Path file) throws IOException {
    return ConfigTree.readJson(file).has("ignore_index");
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
