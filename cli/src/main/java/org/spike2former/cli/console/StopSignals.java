package org.spike2former.cli.console;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jline.utils.Signals;

/**
 * Turns the first signal to end (Ctrl-C, a closed terminal, {@code kill}) into a request, so that
 * the process goes on and ends in its own time; the second ends it at once. Without this the
 * machine would be going down meanwhile, when plots can no longer be drawn.
 */
public final class StopSignals implements AutoCloseable {
  /** Signals and their numbers. */
  private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  /** A process that a signal ended has this exit code plus the signal's number. */
  private static final int SIGNALLED = 128;

  private final Runnable stop;
  private final Map<String, Object> previous = new LinkedHashMap<>();
  private int received;

  /**
   * Listens from now on.
   *
   * @param stop what the first signal does; called by a thread of its own
   */
  public StopSignals(Runnable stop) {
    this.stop = stop;
    NUMBERS.forEach(
        (name, number) -> previous.put(name, Signals.register(name, () -> receive(name, number))));
  }

  private synchronized void receive(String name, int number) {
    if (received != 0) {
      Runtime.getRuntime().halt(SIGNALLED + number);
    }
    received = number;
    Errors.print("SIG" + name + ": ends after this step; a second signal ends at once");
    stop.run();
  }

  /** The exit code that a signal asks for; 0 if none came. */
  public synchronized int exitCode() {
    return received == 0 ? 0 : SIGNALLED + received;
  }

  @Override
  public void close() {
    previous.forEach(
        (name, handler) -> {
          if (handler != null) {
            Signals.unregister(name, handler);
          }
        });
  }
}
