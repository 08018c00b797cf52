package org.spike2former.generator;

import java.util.List;

/** How the twin of a class is made. */
interface Twin {
  /** How the names of classes with a twin end, such as F32. */
  String suffix();

  /** How the twins' names end. */
  String twinSuffix();

  /**
   * The twin's source.
   *
   * @throws BadSource if the source has something that this translation doesn't know
   */
  List<Token> of(List<Token> source);
}
