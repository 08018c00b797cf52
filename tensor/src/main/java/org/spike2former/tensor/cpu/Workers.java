package org.spike2former.tensor.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed number of threads that share the work of one operation. Work is a range of independent
 * items, so results do not depend on the number of threads nor on who took which part.
 *
 * <p>A network is hundreds of operations, many of them shorter than it takes to wake a thread; so
 * threads look for the next operation for a moment before they sleep.
 */
public final class Workers implements AutoCloseable {
  /** Part of a range: items {@code from} (inclusive) to {@code to} (exclusive). */
  @FunctionalInterface
  public interface RangeBody {
    void run(int from, int to);
  }

  /** More than one, so that a thread that is slow or held up takes fewer. */
  private static final int PARTS_PER_THREAD = 4;

  /** How long to look for work before sleeping: many operations take less than a wake-up. */
  private static final long SPIN_NANOS = 200_000;

  private final int threads;
  private final Helper[] helpers;
  private volatile Job job;
  private volatile boolean closed;

  /** Whoever runs reads it and has set it, so the threads need not see it. */
  private Runnable check = () -> {};

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
    this.helpers = new Helper[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Helper();
      helpers[i].start();
    }
  }

  /** Number of threads, the caller's included. */
  public int threads() {
    return threads;
  }

  /**
   * Sets what {@link #run} does first. An exception of it breaks off what is computed, before its
   * next piece of work.
   *
   * @param first null for nothing
   */
  public void checkBefore(Runnable first) {
    check = first == null ? () -> {} : first;
  }

  /**
   * Runs {@code body} over 0…items in parts whose size is a multiple of {@code grain} (but for the
   * last), and returns when all are done. A body's exception is thrown here, when no other thread
   * works on its part any more. A body must not call this method, nor may two threads at once.
   */
  public void run(int items, int grain, RangeBody body) {
    check.run();
    int grains = (items + grain - 1) / grain;
    if (threads == 1 || grains <= 1) {
      if (items > 0) {
        body.run(0, items);
      }
      return;
    }
    Job work = new Job(body, items, grain, grains, Math.min(grains, threads * PARTS_PER_THREAD));
    job = work;
    try {
      for (int i = 0; i < Math.min(threads, work.parts) - 1; i++) {
        helpers[i].wake();
      }
      work.help();
    } finally {
      work.await(); // whatever happened here, others may still write
      job = null;
    }
    work.throwFailure();
  }

  @Override
  public void close() {
    closed = true;
    for (Helper helper : helpers) {
      LockSupport.unpark(helper);
    }
    for (Helper helper : helpers) {
      await(helper);
    }
  }

  /** Waits until a thread has ended; an interruption waits too. */
  public static void await(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Job {
    private final RangeBody body;
    private final int items;
    private final int grain;
    private final int grains;
    private final int parts;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Job(RangeBody body, int items, int grain, int grains, int parts) {
      this.body = body;
      this.items = items;
      this.grain = grain;
      this.grains = grains;
      this.parts = parts;
    }

    /** Takes parts until none is left; after a failure the rest is passed over. */
    void help() {
      for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
        try {
          if (failure.get() == null) {
            int from = (int) ((long) grains * part / parts) * grain;
            int to = Math.min(items, (int) ((long) grains * (part + 1) / parts) * grain);
            body.run(from, to);
          }
        } catch (RuntimeException | Error e) {
          failure.compareAndSet(null, e);
        } finally {
          done.incrementAndGet();
        }
      }
    }

    /** Waits for the parts that others took. */
    void await() {
      long giveWay = System.nanoTime() + SPIN_NANOS;
      while (done.get() < parts) {
        if (System.nanoTime() < giveWay) {
          Thread.onSpinWait();
        } else {
          Thread.yield();
        }
      }
    }

    void throwFailure() {
      if (failure.get() instanceof Error error) {
        throw error;
      }
      if (failure.get() instanceof RuntimeException exception) {
        throw exception;
      }
    }
  }

  private final class Helper extends Thread {
    private volatile boolean asleep;

    Helper() {
      super("s2f-worker");
      setDaemon(true);
    }

    void wake() {
      if (asleep) {
        LockSupport.unpark(this);
      }
    }

    @Override
    public void run() {
      Job seen = null;
      long idleSince = System.nanoTime();
      while (!closed) {
        Job current = job;
        if (current != null && current != seen) {
          current.help();
          seen = current;
          idleSince = System.nanoTime();
        } else if (System.nanoTime() - idleSince < SPIN_NANOS) {
          Thread.onSpinWait();
        } else {
          seen = null;
          sleepUntilWork(current);
          idleSince = System.nanoTime();
        }
      }
    }

    private void sleepUntilWork(Job old) {
      asleep = true;
      while (!closed && (job == null || job == old)) {
        LockSupport.park(this);
      }
      asleep = false;
    }
  }
}
