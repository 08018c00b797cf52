package org.spike2former.model.weights;

/** How far a checkpoint may be from fitting a network. */
public enum Fit {
  /** Every name and shape fits; what only training needs may be present too. */
  EXACT,
  /** Names may be missing, and there may be others; shapes fit. */
  PARTIAL,
  /**
   * As {@link #PARTIAL}, and the layer that tells the classes apart may be of another number of
   * classes: it is left out then.
   */
  OTHER_CLASSES
}
