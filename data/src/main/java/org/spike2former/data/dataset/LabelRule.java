package org.spike2former.data.dataset;

import java.util.Arrays;
import java.util.List;
import org.spike2former.data.Sample;

/**
 * What the values in label files mean. As in mmsegmentation, {@code reduceZeroLabel} first turns 0
 * into "no class" and takes 1 off all others; then classes are renumbered where only some are kept.
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
   * @param reduceZeroLabel whether 0 is no class and class k is stored as k + 1
   * @param ignore values in the files that are no class either
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

  /** The same for another number of classes, none of which is left out. */
  LabelRule withClasses(int count) {
    return new LabelRule(count, reduceZeroLabel, ignore, null);
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
