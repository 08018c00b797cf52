package org.spike2former.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.config.Spelling;

/**
 * The classes that a network tells apart; class k is the k-th name.
 *
 * @param names names of the K classes
 * @param palette their colours, 0xRRGGBB
 * @param ignoreIndex label of pixels that belong to no class in the label files, 0 to 255; where it
 *     is also the index of a class, that class has no pixels. Inside the program such pixels are
 *     always {@link Sample#IGNORE}. {@value #WIDE_IGNORE_INDEX} for more than 255 classes, whose
 *     labels have 16 bits and with which images are segmented, but no data set read
 * @param things so many classes, the first, are things, which are told apart; the others are stuff
 */
public record ClassTable(List<String> names, int[] palette, int ignoreIndex, int things) {
  /** Most classes of a data set: a label is a byte, and one value means "ignore". */
  public static final int MAX_CLASSES = 255;

  /** The label of pixels without class where labels have 16 bits; so many classes at most. */
  public static final int WIDE_IGNORE_INDEX = 65535;

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
    boolean wide = ignoreIndex == WIDE_IGNORE_INDEX;
    int most = wide ? WIDE_IGNORE_INDEX : MAX_CLASSES;
    if (names.isEmpty() || names.size() > most) {
      throw BadValueException.of("names", "1 to " + most + " classes", names.size());
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
    if (!wide && (ignoreIndex < 0 || ignoreIndex > 255)) {
      throw BadValueException.of("ignore_index", "an integer from 0 to 255", ignoreIndex);
    }
    if (things < 0 || things > names.size()) {
      throw BadValueException.of("things", "0 to " + names.size(), things);
    }
    if (wide && things > 0) {
      throw new BadValueException("things", "can be told apart among 255 classes at most");
    }
  }

  /** Classes none of which is told apart. */
  public ClassTable(List<String> names, int[] palette, int ignoreIndex) {
    this(names, palette, ignoreIndex, 0);
  }

  /** Classes in the colours of {@link #usualPalette}; the usual label is ignored. */
  public static ClassTable of(List<String> names) {
    return new ClassTable(names, usualPalette(names.size()), usualIgnoreIndex(names));
  }

  private static int usualIgnoreIndex(List<String> names) {
    return names.size() > MAX_CLASSES ? WIDE_IGNORE_INDEX : DEFAULT_IGNORE_INDEX;
  }

  /** Whether labels have 16 bits. */
  public boolean isWide() {
    return ignoreIndex == WIDE_IGNORE_INDEX;
  }

  /** The same with another label for pixels without class. */
  public ClassTable withIgnoreIndex(int index) {
    return new ClassTable(names, palette, index, things);
  }

  /**
   * The same, some of which are told apart.
   *
   * @param names of these, which must come first
   * @throws BadValueException under the key things, if they do not
   */
  public ClassTable withThings(List<String> names) {
    return new ClassTable(this.names, palette, ignoreIndex, countFirst(this.names, names));
  }

  /** For each class whether its objects are told apart. */
  public boolean[] isThing() {
    boolean[] isThing = new boolean[size()];
    Arrays.fill(isThing, 0, things, true);
    return isThing;
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
   * @param palette red, green and blue of each class; null: {@link #usualPalette}
   * @param ignoreIndex null: not stated
   * @param things names of the classes that are told apart, which come first; null: none
   */
  private record Keys(
      @JsonProperty(required = true) List<String> names,
      List<List<Integer>> palette,
      @Range(min = 0, max = WIDE_IGNORE_INDEX) Integer ignoreIndex,
      List<String> things) {
    private Keys {
      Ranges.check(Keys.class, names, palette, ignoreIndex, things);
      // So that errors name the line.
      ClassTable.of(names, palette, ignoreIndex, things);
    }

    ClassTable table() {
      return ClassTable.of(names, palette, ignoreIndex, things);
    }
  }

  private static ClassTable of(
      List<String> names, List<List<Integer>> palette, Integer ignoreIndex, List<String> things) {
    return new ClassTable(
        names,
        palette == null ? usualPalette(names.size()) : rgb(palette),
        ignoreIndex == null ? usualIgnoreIndex(names) : ignoreIndex,
        things == null ? 0 : countFirst(names, things));
  }

  /** Number of things, which must be the first classes. */
  private static int countFirst(List<String> names, List<String> things) {
    for (String thing : things) {
      if (!names.contains(thing)) {
        throw new BadValueException(
            "things", "there is no class " + thing + Spelling.nearest(thing, names));
      }
    }
    int count = Set.copyOf(things).size();
    for (int k = 0; k < count; k++) {
      if (!things.contains(names.get(k))) {
        throw new BadValueException(
            "things", "things must be the first of the names; " + names.get(k) + " is none");
      }
    }
    return count;
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
   * #usualPalette}), {@code ignore_index} (else 255, or 65535 for more classes) and {@code things}
   * (else none).
   *
   * @throws IOException "FILE: key: what is wrong"
   */
  public static ClassTable read(Path file) throws IOException {
    return of(ConfigTree.readJson(file));
  }

  /** What {@link #read} makes of a file's tree. */
  public static ClassTable of(ConfigTree tree) throws IOException {
    return tree.bind(Keys.class).table();
  }

  /** What {@link #read} reads. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    names.forEach(json.putArray("names")::add);
    ArrayNode colors = json.putArray("palette");
    for (int rgb : palette) {
      colors.addArray().add(rgb >> 16 & 255).add(rgb >> 8 & 255).add(rgb & 255);
    }
    json.put("ignore_index", ignoreIndex);
    if (things > 0) {
      names.subList(0, things).forEach(json.putArray("things")::add);
    }
    return json;
  }

  /** Whether a {@code classes.json} has an {@code ignore_index} of its own. */
  public static boolean statesIgnoreIndex(Path file) throws IOException {
    return ConfigTree.readJson(file).has("ignore_index");
  }

  /**
   * The PASCAL VOC colours without the first, black, which is that of pixels without class: class k
   * has the k+1st.
   */
  public static int[] usualPalette(int size) {
    return Arrays.copyOfRange(vocPalette(size + 1), 1, size + 1);
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
