package org.spike2former.serve.compute;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.spike2former.tensor.Backend;

/**
 * Lets a bounded number of callers in, of whom as many compute as there are slots and the others
 * wait, in order of arrival.
 */
public final class Turnstile implements AutoCloseable {
  /** How often it is asked whether a caller still wants the result. */
  private static final long POLL_MILLIS = 50;

  private static final int WARM_WIDTH = 240;
  private static final int WARM_HEIGHT = 180;

  private final int places;
  private final Semaphore free;
  private final BlockingQueue<Slot> slots = new LinkedBlockingQueue<>();
  private final int workers;
  private final ExecutorService threads;
  private final AtomicLong meanNanos = new AtomicLong();
  private volatile boolean stopping;

  /** A computation on a slot. */
  @FunctionalInterface
  public interface Work<T> {
    /** Computes; an interrupt ends it. */
    T compute(Slot slot) throws Exception;
  }

  /** Nobody may enter any more. */
  public static final class Stopping extends Exception {
    private static final long serialVersionUID = 1;
  }

  /** All places are taken. */
  public static final class Full extends Exception {
    private static final long serialVersionUID = 1;
    private final long seconds;

    private Full(long seconds) {
      this.seconds = seconds;
    }

    /** When it may be worth trying again. */
    public long seconds() {
      return seconds;
    }
  }

  /** A place in the house, taken until it is closed. */
  public final class Place implements AutoCloseable {
    private boolean left;

    private Place() {}

    /**
     * Waits for a slot and for the result.
     *
     * @param gone asked again and again whether the caller has gone
     * @throws CancellationException if it has
     * @throws TimeoutException if the time is over
     * @throws ExecutionException with what the computation threw
     */
    public <T> T compute(Work<T> work, Duration limit, BooleanSupplier gone)
        throws ExecutionException, TimeoutException, InterruptedException {
      long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(limit);
      Future<T> result = threads.submit(() -> onSlot(work));
      try {
        while (true) {
          long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
          try {
            return result.get(Math.clamp(left, 0, POLL_MILLIS), TimeUnit.MILLISECONDS);
          } catch (TimeoutException e) {
            if (left <= 0) {
              throw e;
            }
            if (gone.getAsBoolean()) {
              throw new CancellationException("the client has gone");
            }
          }
        }
      } finally {
        result.cancel(true);
      }
    }

    @Override
    public void close() {
      if (!left) {
        left = true;
        free.release();
      }
    }
  }

  /**
   * Nobody is there yet.
   *
   * @param workers number of slots
   * @param queue how many may wait
   * @param threads of a slot
   */
  public Turnstile(int workers, int queue, Backend backend, int threads) {
    this.workers = workers;
    places = workers + queue;
    free = new Semaphore(places, true);
    for (int i = 0; i < workers; i++) {
      slots.add(new Slot(backend, threads));
    }
    // Computing is not for virtual threads: there are few to carry them, and these answer the rest.
    this.threads =
        Executors.newFixedThreadPool(
            workers, Thread.ofPlatform().daemon().name("s2f-compute-", 0).factory());
  }

  private <T> T onSlot(Work<T> work) throws Exception {
    Slot slot = slots.remove();
    long start = System.nanoTime();
    try {
      T result = work.compute(slot);
      long nanos = System.nanoTime() - start;
      meanNanos.updateAndGet(mean -> mean == 0 ? nanos : (7 * mean + nanos) / 8);
      return result;
    } finally {
      slots.add(slot);
    }
  }

  /**
   * Lets one in.
   *
   * @throws Full if there is no room
   * @throws Stopping after {@link #stop}
   */
  public Place enter() throws Full, Stopping {
    if (stopping) {
      throw new Stopping();
    }
    if (!free.tryAcquire()) {
      double seconds = 1e-9 * meanNanos.get() * places / workers;
      throw new Full(Math.max(1, (long) Math.ceil(seconds)));
    }
    Place place = new Place();
    if (stopping) {
      place.close();
      throw new Stopping();
    }
    return place;
  }

  /** Number of callers in the house. */
  public int callers() {
    return places - free.availablePermits();
  }

  /** Number of those who wait. */
  public int waiting() {
    return Math.max(0, callers() - workers);
  }

  /** Whether nobody may enter any more. */
  public boolean isStopping() {
    return stopping;
  }

  /**
   * Makes everything ready to compute with these models in the usual way. The first image of a
   * process takes many times as long as those after it, so one of noise comes before all others.
   *
   * @throws IllegalStateException if the backend cannot be had
   */
  public void prepare(List<ServedModel> models) {
    for (Slot slot : slots) {
      models.forEach(model -> slot.engine(model, Variant.PLAIN));
    }
    BufferedImage noise = new BufferedImage(WARM_WIDTH, WARM_HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    new Random(0).nextBytes(((DataBufferByte) noise.getRaster().getDataBuffer()).getData());
    slots.element().engine(models.getFirst(), Variant.PLAIN).segmenter().segment(noise);
  }

  /**
   * Lets nobody in any more and waits for those who are in; then there is nothing left to compute
   * with.
   *
   * @param limit after which computations are broken off, or an interrupt
   * @return whether all could leave by themselves
   */
  public boolean stop(Duration limit) {
    stopping = true;
    boolean empty = false;
    try {
      empty = free.tryAcquire(places, limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    threads.shutdownNow();
    threads.close();
    slots.forEach(Slot::close);
    return empty;
  }

  /** Ends at once. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
