package org.spike2former.tensor.cpu;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A fixed number of threads that share the work of one operation. Work is a range of independent
 * items, so results do not depend on the number of threads nor on who took which part.
 */
public final class Workers implements AutoCloseable {
  /** Part of a range: items {@code from} (inclusive) to {@code to} (exclusive). */
  @FunctionalInterface
  public interface RangeBody {
    /** Does the items of one part. */
    void run(int from, int to);
  }

  private static final int PARTS_PER_THREAD = 4;

  private final int threads;
  private final ExecutorService pool;

  /**
   * Starts the threads; the caller of {@link #run} is one of them.
   *
   * @throws IllegalArgumentException unless {@code 1 ≤ threads ≤ 1024}
   */
  public Workers(int threads) {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("threads must be between 1 and 1024, found " + threads);
    }
    this.threads = threads;
    this.pool =
        threads == 1
            ? null
            : Executors.newFixedThreadPool(
                threads - 1,
                task -> {
                  Thread thread = new Thread(task, "s2f-worker");
                  thread.setDaemon(true);
                  return thread;
                });
  }

  /** Number of threads, the caller's included. */
  public int threads() {
    return threads;
  }

  /**
   * Runs {@code body} over 0…items in parts whose size is a multiple of {@code grain} (but for the
   * last), and returns when all are done. A body's exception is thrown here. A body must not call
   * this method.
   */
  public void run(int items, int grain, RangeBody body) {
    int grains = (items + grain - 1) / grain;
    if (threads == 1 || grains <= 1) {
      if (items > 0) {
        body.run(0, items);
      }
      return;
    }
    int parts = Math.min(grains, threads * PARTS_PER_THREAD);
    AtomicInteger next = new AtomicInteger();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Runnable loop =
        () -> {
          try {
            for (int part = next.getAndIncrement();
                part < parts && failure.get() == null;
                part = next.getAndIncrement()) {
              int from = (int) ((long) grains * part / parts) * grain;
              int to = Math.min(items, (int) ((long) grains * (part + 1) / parts) * grain);
              body.run(from, to);
            }
          } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
          }
        };
    int helpers = Math.min(threads, parts) - 1;
    CountDownLatch done = new CountDownLatch(helpers);
    for (int i = 0; i < helpers; i++) {
      pool.execute(
          () -> {
            loop.run();
            done.countDown();
          });
    }
    loop.run();
    awaitUninterruptibly(done);
    if (failure.get() instanceof Error error) {
      throw error;
    }
    if (failure.get() instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private static void awaitUninterruptibly(CountDownLatch done) {
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (pool != null) {
      pool.shutdownNow();
    }
  }
}
