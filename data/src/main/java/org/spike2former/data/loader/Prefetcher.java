package org.spike2former.data.loader;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes numbered things on several threads, a few ahead of whoever takes them, and hands them over
 * in order. For one taker.
 */
public final class Prefetcher<T> implements AutoCloseable {
  /** Makes a thing. */
  @FunctionalInterface
  public interface Maker<T> {
    /** Thing {@code number}; called by any thread. */
    T make(long number) throws IOException;
  }

  private final Maker<T> maker;
  private final long end;
  private final ExecutorService threads;
  private final Queue<Future<T>> ahead = new ArrayDeque<>();
  private long begun;
  private boolean interrupted;

  /**
   * Begins to make things.
   *
   * @param first number of the first
   * @param end number after the last; {@link Long#MAX_VALUE}: no last
   * @param depth how many may be made or wait at once
   */
  public Prefetcher(Maker<T> maker, long first, long end, int threads, int depth) {
    this.maker = maker;
    this.end = end;
    this.begun = first;
    this.threads =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "s2f-loader");
              thread.setDaemon(true);
              return thread;
            });
    for (int i = 0; i < Math.max(1, depth); i++) {
      begin();
    }
  }

  private void begin() {
    if (begun < end) {
      long number = begun++;
      ahead.add(threads.submit(() -> maker.make(number)));
    }
  }

  /**
   * The next thing; null after the last.
   *
   * @throws IOException what making it threw; the following one comes next
   * @throws IllegalStateException if the thread is interrupted, and in all calls after that: what
   *     was waited for is lost
   */
  public T next() throws IOException {
    if (interrupted) {
      throw new IllegalStateException("interrupted before; what follows is not made");
    }
    Future<T> next = ahead.poll();
    if (next == null) {
      return null;
    }
    begin();
    try {
      return get(next);
    } catch (InterruptedException e) {
      interrupted = true;
      close();
      throw interrupted("waiting for data", e);
    }
  }

  /**
   * What a thread made.
   *
   * @param doing what an interruption breaks off
   * @throws IOException what making it threw
   */
  static <T> T result(Future<T> made, String doing) throws IOException {
    try {
      return get(made);
    } catch (InterruptedException e) {
      throw interrupted(doing, e);
    }
  }

  private static <T> T get(Future<T> made) throws IOException, InterruptedException {
    try {
      return made.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case Error cause -> throw cause;
        case Throwable cause -> throw (RuntimeException) cause;
      }
    }
  }

  private static IllegalStateException interrupted(String doing, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while " + doing, cause);
  }

  /** Stops the threads; nothing may be taken after that. */
  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** As {@link #close}, and waits until all that was begun is over. */
  void end() {
    threads.shutdownNow();
    threads.close();
  }
}
