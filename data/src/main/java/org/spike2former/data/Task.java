package org.spike2former.data;

import java.util.EnumSet;
import java.util.Set;

/** What is told apart in an image. */
public enum Task {
  /** The class of every pixel. */
  SEMANTIC,
  /** Things one by one, and stuff by class. */
  PANOPTIC,
  /** Things alone, one by one; they may overlap. */
  INSTANCE;

  /** What a network that was trained on these classes can tell apart. */
  public static Set<Task> of(ClassTable classes) {
    return classes.things() == 0 ? EnumSet.of(SEMANTIC) : EnumSet.allOf(Task.class);
  }
}
