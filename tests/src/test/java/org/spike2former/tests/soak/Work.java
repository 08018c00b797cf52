package org.spike2former.tests.soak;

/** Something that a long run does again and again; what comes of it is always the same. */
interface Work extends AutoCloseable {
  /** As in "segment". */
  String name();

  /** Does it once, and returns what stands for all bits of the result. */
  String once() throws Exception;

  @Override
  void close();
}
