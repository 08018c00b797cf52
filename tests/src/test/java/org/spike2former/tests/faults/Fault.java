package org.spike2former.tests.faults;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** What is to go wrong with files, in whatever thread works on them. */
enum Fault {
  /** From one write on, nothing more can be written, made or moved. */
  DISK_FULL,
  /** One reading fails, as on a bad sector. */
  UNREADABLE,
  /** Memory is short at one reading or writing. */
  NO_MEMORY;

  private static String under;
  private static Fault next;
  private static int left;
  private static int seen;

  /** Fails at operation {@code at}, counted from 0, of those on files in a folder. */
  static synchronized void at(int at, Fault fault, Path folder) {
    next = fault;
    left = at;
    seen = 0;
    under = folder.toString();
  }

  /** Nothing fails any more; returns how many operations there were that could have. */
  static synchronized int none() {
    next = null;
    return seen;
  }

  /** Called before each operation. */
  static synchronized void before(Path file, boolean writes) throws IOException {
    boolean counts =
        next != null
            && (next == NO_MEMORY || writes == (next == DISK_FULL))
            && file.toAbsolutePath().toString().startsWith(under);
    if (!counts) {
      return;
    }
    int operation = seen++;
    switch (next) {
      case DISK_FULL -> {
        if (operation >= left) {
          throw new FileSystemException(file.toString(), null, "No space left on device");
        }
      }
      case UNREADABLE -> {
        if (operation == left) {
          throw new FileSystemException(file.toString(), null, "Input/output error");
        }
      }
      case NO_MEMORY -> {
        if (operation == left) {
          throw new OutOfMemoryError("no room");
        }
      }
    }
  }
}
