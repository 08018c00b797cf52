package org.spike2former.model;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Lets callers compute one after the other, in the order in which they came. A caller that is
 * interrupted, or whose time is over, stops waiting or computing; those after it are not harmed.
 */
final class Turns {
  /** Held by whoever computes; several runs of the network belong to one image. */
  private final ReentrantLock computing = new ReentrantLock(true);

  private final Consumer<Runnable> checks;
  private final Duration limit;
  private boolean closed;

  /**
   * Turns at a segmenter.
   *
   * @param checks takes what is to be asked again and again while something is computed, or null
   * @param limit how long a turn may take, waiting included; null for no limit
   */
  Turns(Consumer<Runnable> checks, Duration limit) {
    this.checks = checks;
    this.limit = limit;
  }

  /**
   * Does something as the only one that computes.
   *
   * @throws IllegalStateException after {@link #end}
   * @throws CancellationException if the thread is or gets interrupted, and stays so
   * @throws TimeLimitException if it takes too long
   */
  <T> T take(Supplier<T> work) {
    long start = System.nanoTime();
    acquire();
    try {
      if (closed) {
        throw new IllegalStateException("the segmenter is closed");
      }
      checks.accept(() -> check(start));
      return work.get();
    } finally {
      checks.accept(null);
      computing.unlock();
    }
  }

  private void acquire() {
    try {
      if (limit == null) {
        computing.lockInterruptibly();
      } else if (!computing.tryLock(nanos(), TimeUnit.NANOSECONDS)) {
        throw new TimeLimitException(limit);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
  }

  private void check(long start) {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted();
    }
    if (limit != null && System.nanoTime() - start > nanos()) {
      throw new TimeLimitException(limit);
    }
  }

  /** The longest that there is, for a limit of centuries. */
  private long nanos() {
    return TimeUnit.NANOSECONDS.convert(limit);
  }

  private static CancellationException interrupted() {
    return new CancellationException("the thread was interrupted");
  }

  /**
   * Waits for the turn in progress; then there are no more. The first call alone does something.
   */
  void end(Runnable last) {
    computing.lock();
    try {
      if (!closed) {
        closed = true;
        last.run();
      }
    } finally {
      computing.unlock();
    }
  }
}
