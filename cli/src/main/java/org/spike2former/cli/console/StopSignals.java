package org.spike2former.cli.console;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jline.utils.Signals;
import org.spike2former.tensor.io.Limit;

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

  /** How long it may take to end after a signal. */
  private static final Limit SECONDS = new Limit("s2f.max-stop-seconds", 300);

  private final Runnable stop;
  private final String last;
  private final String lost;
  private final long seconds;
  private final Map<String, Object> previous = new LinkedHashMap<>();
  private int received;
  private Thread limit;

  /**
   * Listens from now on.
   *
   * @param stop what the first signal does; called by a thread of its own
   * @param last after what the process ends, as in "this step"
   * @param lost without what it ends if that takes too long, as in "a checkpoint of it"
   * @throws IllegalArgumentException if the limit is set to anything but a positive integer
   */
  public StopSignals(Runnable stop, String last, String lost) {
    this.stop = stop;
    this.last = last;
    this.lost = lost;
    seconds = SECONDS.value();
    NUMBERS.forEach(
        (name, number) -> previous.put(name, Signals.register(name, () -> receive(name, number))));
  }

  private synchronized void receive(String name, int number) {
    if (received != 0) {
      Runtime.getRuntime().halt(SIGNALLED + number);
    }
    received = number;
    Errors.print(
        "SIG"
            + name
            + ": ends after "
            + last
            + ", or in "
            + SECONDS.of("s")
            + "; a second signal ends at once");
    limit = Thread.ofPlatform().daemon().name("stop").start(() -> endIn(SIGNALLED + number));
    stop.run();
  }

  private void endIn(int code) {
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
