package org.spike2former.data;

import java.io.Serializable;

/**
 * What was counted over images, in an order. Counts of parts of a list of images, added in the
 * order of the parts, are those of the list to the last bit, wherever it was parted.
 *
 * @param <T> the implementing type
 */
public interface Tally<T extends Tally<T>> extends Serializable {
  /** Adds what was counted over the images that come next. */
  void add(T next);
}
