package org.spike2former.data.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Sample;
import org.spike2former.data.coco.CocoCategories;
import org.spike2former.data.config.Spelling;

/**
 * Which files hold the segments of a data set, and what their categories mean.
 *
 * @param format PANOPTIC or INSTANCES
 * @param annotations JSON file below the root, {@code {split}} or {@code {use}} in it being the
 *     split; null: PNG files tell all
 * @param categoryIds by which files name each stored class; null: by its index
 * @param voidIds by which they name what is no class
 * @param overlaps what becomes of pixels of several instances
 * @param stored the classes that files have; null: as {@code classes}
 * @param kept for every stored class its index among {@code classes}, or {@link Sample#IGNORE};
 *     null: unchanged
 * @param classes those that are used; null: not yet known
 */
public record SegmentRule(
    LabelFormat format,
    String annotations,
    List<Integer> categoryIds,
    List<Integer> voidIds,
    Overlaps overlaps,
    ClassTable stored,
    int[] kept,
    ClassTable classes) {
  /** The same for other classes, none of which is left out. */
  SegmentRule withClasses(ClassTable table) {
    return new SegmentRule(format, annotations, categoryIds, voidIds, overlaps, null, null, table);
  }

  private ClassTable ofFiles() {
    return stored == null ? classes : stored;
  }

  private int keptAs(int storedClass) {
    return kept == null ? storedClass : kept[storedClass];
  }

  /**
   * The class of each category of a JSON file: by its name, or else by its id.
   *
   * @return for each category the index of its class, or {@link Sample#IGNORE} if it is not used
   * @throws IOException "FILE: what is wrong" if a category is no class, two are the same, or one
   *     is a thing here and stuff there
   */
  int[] classesOf(CocoCategories categories, Path file) throws IOException {
    ClassTable table = ofFiles();
    int[] classes = new int[categories.size()];
    Map<Integer, CocoCategories.Category> taken = new HashMap<>();
    for (int k = 0; k < classes.length; k++) {
      CocoCategories.Category category = categories.get(k);
      int index = indexOf(category);
      if (index < 0) {
        throw new IOException(
            file
                + ": categories: "
                + category.id()
                + " ("
                + category.name()
                + ") is not a class of the data set"
                + Spelling.nearest(category.name(), table.names()));
      }
      CocoCategories.Category other = taken.put(index, category);
      if (other != null || category.thing() != index < table.things()) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                other != null
                    ? "%s: categories: %d (%s) and %5$d are both class %4$s"
                    : "%s: categories: %d (%s) is "
                        + (category.thing() ? "a thing" : "stuff")
                        + ", class %s of the data set is "
                        + (category.thing() ? "stuff" : "a thing"),
                file,
                category.id(),
                category.name(),
                table.names().get(index),
                other == null ? 0 : other.id()));
      }
      classes[k] = keptAs(index);
    }
    return classes;
  }

  private int indexOf(CocoCategories.Category category) {
    int byName = ofFiles().names().indexOf(category.name().strip());
    if (byName >= 0) {
      return byName;
    }
    return categoryIds == null ? -1 : categoryIds.indexOf(category.id());
  }

  /** Whether all classes of the files are used. */
  boolean isWhole() {
    return kept == null || Arrays.stream(kept).noneMatch(k -> k == Sample.IGNORE);
  }

  /** Whether PNG files name classes by ids of their own, as those of Cityscapes do. */
  boolean hasIds() {
    return categoryIds != null;
  }

  /** No class, nor void. */
  static final int UNKNOWN = -1;

  /**
   * For each value that PNG files may have for a class: its index, {@link Sample#IGNORE} if it is
   * not used, {@link #UNKNOWN} if it has no meaning.
   */
  int[] classesOfIds() {
    int[] classes = new int[InstancePngFiles.OFFSET];
    Arrays.fill(classes, UNKNOWN);
    for (int k = 0; k < ofFiles().size(); k++) {
      classes[categoryIds == null ? k : categoryIds.get(k)] = keptAs(k);
    }
    voidIds.forEach(id -> classes[id] = Sample.IGNORE);
    return classes;
  }
}
