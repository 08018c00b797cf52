package org.spike2former.model;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The photos in files, in order; while one is worked on, the next are read by other threads. */
final class PhotoQueue implements Iterator<BatchItem.Photo> {
  /** Most photos that are read, or being read, before they are asked for. */
  static final int MOST = 3;

  private final Iterator<Path> files;
  private final Deque<FutureTask<BatchItem.Photo>> reading = new ArrayDeque<>();

  PhotoQueue(Iterator<Path> files) {
    this.files = files;
  }

  @Override
  public boolean hasNext() {
    return !reading.isEmpty() || files.hasNext();
  }

  /**
   * The next photo.
   *
   * @throws CancellationException if the thread is interrupted, and stays so
   */
  @Override
  public BatchItem.Photo next() {
    fill();
    FutureTask<BatchItem.Photo> next = reading.poll();
    if (next == null) {
      throw new NoSuchElementException("no more files");
    }
    try {
      BatchItem.Photo photo = next.get();
      fill();
      return photo;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the thread was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private void fill() {
    while (reading.size() < MOST && files.hasNext()) {
      Path file = files.next();
      reading.add(new FutureTask<>(() -> BatchItem.Photo.read(file)));
      Thread.startVirtualThread(reading.getLast());
    }
  }
}
