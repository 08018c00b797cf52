package org.spike2former.tensor.cpu;

import java.util.Arrays;
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

  /** More than one, so that others can take some of a thread that is slow or held up. */
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
      helpers[i] = new Helper(i + 1);
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
    if (threads == 1 || items <= grain) {
      if (items > 0) {
        body.run(0, items);
      }
      return;
    }
    Job work = new Job(body, items, grain, threads);
    job = work;
    try {
      for (int i = 0; i < Math.min(threads, work.parts) - 1; i++) {
        helpers[i].wake();
      }
      work.help(0);
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

    /** Parts [t, t + 1) of thread t that nobody has taken begin at {@code next[t]}. */
    private final AtomicInteger[] next;

    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Job(RangeBody body, int items, int grain, int threads) {
      this.body = body;
      this.items = items;
      this.grain = grain;
      grains = (items + grain - 1) / grain;
      parts = Math.min(grains, threads * PARTS_PER_THREAD);
      next = new AtomicInteger[threads];
      Arrays.setAll(next, t -> new AtomicInteger(begin(t)));
    }

    /** First part of a thread's share. */
    private int begin(int thread) {
      return (int) ((long) parts * thread / next.length);
    }

    /**
     * Takes parts until none is left, first those of this thread's own share: what it reads is then
     * often what it wrote in the operation before, and still in its processor's cache.
     */
    void help(int thread) {
      for (int i = 0; i < next.length; i++) {
        int share = (thread + i) % next.length;
        int end = begin(share + 1);
        for (int part = next[share].getAndIncrement();
            part < end;
            part = next[share].getAndIncrement()) {
          run(part);
        }
      }
    }

    /** Does a part; after a failure the rest is passed over. */
    private void run(int part) {
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
    private final int thread;
    private volatile boolean asleep;

    Helper(int thread) {
      super("s2f-worker");
      this.thread = thread;
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
          current.help(thread);
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
