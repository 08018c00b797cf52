package org.spike2former.data.loader;

/** What to do when an image or its labels cannot be used. */
public enum OnBadImage {
  /** Stop with the error. */
  FAIL,
  /** Warn once and go on with another. */
  SKIP
}
