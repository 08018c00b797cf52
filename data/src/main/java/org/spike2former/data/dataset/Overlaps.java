package org.spike2former.data.dataset;

/** What to do with pixels that belong to several instances: in a map of segments there is one. */
public enum Overlaps {
  /** Refuse the image. */
  FAIL,
  /**
   * They go to the smallest; of equal ones to the last. So do what is in front of something large,
   * mostly, and borders that outlines share.
   */
  SMALLEST
}
