package org.spike2former.dist;

import java.io.IOException;
import java.util.List;
import org.jline.utils.Signals;

/**
 * A process in the place of this one: with its input and output, its signals and its exit code. A
 * signal reaches it once: a second one would end a training before its checkpoint.
 */
final class SecondJava {
  private SecondJava() {}

  /**
   * Runs to the end.
   *
   * @return the exit code
   * @throws IOException if it can't be started
   */
  static int run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    Signals.register("TERM", process::destroy);
    for (String name : List.of("HUP", "INT")) {
      Signals.register(name, () -> pass(name, process));
    }
    while (true) {
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        process.destroy();
      }
    }
  }

  /** A terminal sends these to both. */
  private static void pass(String name, Process process) {
    if (!Terminal.isForeground()) {
      try {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
      } catch (IOException e) {
        process.destroy();
      }
    }
  }
}
