package org.spike2former.data;

/** What is told apart in an image. */
public enum Task {
  /** The class of every pixel. */
  SEMANTIC,
  /** Things one by one, and stuff by class. */
  PANOPTIC
}
