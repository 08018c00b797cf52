package org.spike2former.data.dataset;

import java.util.Arrays;
import java.util.List;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Sample;

/**
 * What the values in label files mean. As in mmsegmentation, {@code reduceZeroLabel} first turns 0
 * into "no class" and takes 1 off all others; then classes are renumbered where only some are kept.
 * Values to ignore are those in the files; whatever they are, they become {@link Sample#IGNORE}.
 */
public final class LabelRule {
  private static final int INVALID = -1;

  private final int[] classes = new int[256];
  private final boolean reduceZeroLabel;
  private final List<Integer> ignore;

  /**
   * A rule.
   *
   * @param stored number of classes in the files
   * @param reduceZeroLabel whether 0 is not a class and class k is stored as k + 1
   * @param ignore values in the files that are not classes either, 0 to 255; one that is the index
   *     of a class takes all pixels from it; empty: as classes that are yet to come say
   * @param kept for every stored class its new index, or {@link Sample#IGNORE}; null: unchanged
   */
  LabelRule(int stored, boolean reduceZeroLabel, List<Integer> ignore, int[] kept) {
    this.reduceZeroLabel = reduceZeroLabel;
    this.ignore = List.copyOf(ignore);
    Arrays.fill(classes, INVALID);
    int first = reduceZeroLabel ? 1 : 0;
    for (int k = 0; k < stored && k + first < classes.length; k++) {
      classes[k + first] = kept == null ? k : kept[k];
    }
    if (reduceZeroLabel) {
      classes[0] = Sample.IGNORE;
      classes[255] = Sample.IGNORE;
    }
    for (int value : ignore) {
      classes[value] = Sample.IGNORE;
    }
  }

  /**
   * The same for other classes, none of which is left out; what they say is to be ignored counts
   * where this rule has nothing to ignore.
   */
  LabelRule withClasses(ClassTable table) {
    List<Integer> ignored = ignore.isEmpty() ? List.of(table.ignoreIndex()) : ignore;
    return new LabelRule(table.size(), reduceZeroLabel, ignored, null);
  }

  /** Whether nothing in the files can become class {@code k}, as its value is ignored. */
  boolean isIgnored(int k) {
    for (int label : classes) {
      if (label == k) {
        return false;
      }
    }
    return true;
  }

  /**
   * Translates values into classes.
   *
   * @param invalidAt receives at 0 the place of the first value that has no meaning, −1 if all have
   * @return the classes
   */
  byte[] apply(byte[] values, int[] invalidAt) {
    byte[] labels = new byte[values.length];
    invalidAt[0] = INVALID;
    for (int i = 0; i < values.length; i++) {
      int label = classes[values[i] & 0xff];
      if (label == INVALID) {
        invalidAt[0] = i;
        return labels;
      }
      labels[i] = (byte) label;
    }
    return labels;
  }
}
