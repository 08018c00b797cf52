package org.spike2former.fuzz;

import java.io.IOException;
import java.nio.file.Path;

/** Reads a file with one of the project's readers, all of it. */
@FunctionalInterface
public interface Reader {
  /**
   * Reads.
   *
   * @param content is told what the file rightly holds
   * @throws IOException the one exception that readers declare; any other is a fault
   */
  void read(Path file, Content content) throws IOException;
}
