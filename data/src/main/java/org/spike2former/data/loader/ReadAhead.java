package org.spike2former.data.loader;

import java.io.IOException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;

/**
 * Reads images one ahead of whoever uses them; the first is read from the start.
 *
 * @param <I> what is read of an image
 */
public final class ReadAhead<I> {
  /** Reads. */
  @FunctionalInterface
  public interface Reader<I> {
    /** Reads image {@code i}; called by any thread. */
    I read(int i) throws IOException;
  }

  private final Reader<I> reader;
  private final int end;
  private final ThreadFactory threads;
  private int begun;
  private int taken;

  /** Reads the image that is wanted next; null if its reading could not begin ahead. */
  private FutureTask<I> ahead;

  /** Reads images {@code from} to {@code to}, the latter not included. */
  public ReadAhead(Reader<I> reader, int from, int to) {
    this(reader, from, to, task -> new Thread(task, "s2f-reader"));
  }

  /** As {@link #ReadAhead(Reader, int, int)}, on such threads. */
  ReadAhead(Reader<I> reader, int from, int to, ThreadFactory threads) {
    this.reader = reader;
    this.begun = from;
    this.taken = from;
    this.end = to;
    this.threads = threads;
    begin();
  }

  /** Where memory does not suffice for reading ahead, the image is read when it is wanted. */
  private void begin() {
    ahead = null;
    if (begun < end) {
      int i = begun++;
      try {
        FutureTask<I> task = new FutureTask<>(() -> reader.read(i));
        Thread thread = threads.newThread(task);
        thread.setDaemon(true);
        thread.start();
        ahead = task;
      } catch (OutOfMemoryError _) {
        ahead = null;
      }
    }
  }

  /**
   * The next image.
   *
   * @throws IOException what reading it threw; the one after it comes next
   */
  public I next() throws IOException {
    int i = taken++;
    FutureTask<I> image = ahead;
    try {
      return image == null ? reader.read(i) : Prefetcher.result(image, "reading image " + i);
    } finally {
      begin();
    }
  }
}
