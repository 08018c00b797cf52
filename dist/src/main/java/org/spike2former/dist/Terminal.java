package org.spike2former.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this process belongs to a terminal, as far as Linux tells it. */
final class Terminal {
  private Terminal() {}

  /** Whether standard error is a terminal that can draw. */
  static boolean isStandardError() {
    try {
      String name = Path.of("/proc/self/fd/2").toRealPath().toString();
      return name.matches("/dev/(pts/|tty).*") && !"dumb".equals(System.getenv("TERM"));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Whether a terminal sends this process, and all that it starts, the signals of its keys; also
   * where that is unknown.
   */
  static boolean isForeground() {
    try {
      String state = Files.readString(Path.of("/proc/self/stat"));
      // After the name, in parentheses: state, parent, group, session, terminal, its foreground.
      String[] fields = state.substring(state.lastIndexOf(')') + 2).split(" ");
      return fields[2].equals(fields[5]);
    } catch (IOException e) {
      return true;
    }
  }
}
