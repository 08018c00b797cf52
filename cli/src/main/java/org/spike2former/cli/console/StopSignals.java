package org.spike2former.cli.console;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jline.utils.Signals;

/**
 * Turns the first signal to end (Ctrl-C, a closed terminal, {@code kill}) into a request, so that
 * the process goes on and ends in its own time, but for a limit; the second ends it at once.
 * Without this the machine would be going down meanwhile, when plots can no longer be drawn.
 */
public final class StopSignals implements AutoCloseable {
  /** Signals and their numbers. */
  private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  /** A process that a signal ended has this exit code plus the signal's number. */
  private static final int SIGNALLED = 128;

  /** How long it may take to end after a signal, unless the property says otherwise. */
  private static final int MAX_SECONDS = 300;

  private static final String LIMIT = "s2f.max-stop-seconds";

  private final Runnable stop;
  private final String last;
  private final String lost;
  private final Map<String, Object> previous = new LinkedHashMap<>();
  private int received;
  private Thread limit;

  /**
   * Listens from now on.
   *
   * @param stop what the first signal does; called by a thread of its own
   * @param last after what the process ends, as in "this step"
   * @param lost without what it ends if that takes too long, as in "a checkpoint of it"
   */
  public StopSignals(Runnable stop, String last, String lost) {
    this.stop = stop;
    this.last = last;
    this.lost = lost;
    NUMBERS.forEach(
        (name, number) -> previous.put(name, Signals.register(name, () -> receive(name, number))));
  }

  private synchronized void receive(String name, int number) {
    if (received != 0) {
      Runtime.getRuntime().halt(SIGNALLED + number);
    }
    received = number;
    int seconds = Integer.getInteger(LIMIT, MAX_SECONDS);
    Errors.print(
        "SIG"
            + name
            + ": ends after "
            + last
            + ", or in "
            + seconds
            + " s (-D"
            + LIMIT
            + "); a second signal ends at once");
    limit =
        Thread.ofPlatform().daemon().name("stop").start(() -> endIn(seconds, SIGNALLED + number));
    stop.run();
  }

  private void endIn(int seconds, int code) {
    try {
      Thread.sleep(Duration.ofSeconds(seconds));
    } catch (InterruptedException _) {
      return; // it has ended by itself
    }
    Errors.print("not done after " + seconds + " s; ends without " + lost);
    Runtime.getRuntime().halt(code);
  }

  /** The exit code that a signal asks for; 0 if none came. */
  public synchronized int exitCode() {
    return received == 0 ? 0 : SIGNALLED + received;
  }

  @Override
  public void close() {
    synchronized (this) {
      if (limit != null) {
        limit.interrupt();
      }
    }
    previous.forEach(
        (name, handler) -> {
          if (handler != null) {
            Signals.unregister(name, handler);
          }
        });
  }
}
