package org.spike2former.cli.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import org.spike2former.data.image.Exif;
import org.spike2former.data.image.ImageFiles;

/** Reads images one ahead of whoever uses them; the first is read from the start. */
public final class ReadAhead {
  private final List<Path> files;
  private final Exif exif;
  private final ThreadFactory threads;
  private int begun;
  private int taken;

  /** Reads the image that is wanted next; null if its reading could not begin ahead. */
  private FutureTask<BufferedImage> ahead;

  public ReadAhead(List<Path> files, Exif exif) {
    this(files, exif, task -> new Thread(task, "s2f-reader"));
  }

  /** As {@link #ReadAhead(List, Exif)}, on such threads. */
  public ReadAhead(List<Path> files, Exif exif, ThreadFactory threads) {
    this.files = files;
    this.exif = exif;
    this.threads = threads;
    begin();
  }

  /** Where memory does not suffice for reading ahead, the image is read when it is wanted. */
  private void begin() {
    ahead = null;
    if (begun < files.size()) {
      Path file = files.get(begun++);
      try {
        FutureTask<BufferedImage> task = new FutureTask<>(() -> exif.read(file));
        Thread reader = threads.newThread(task);
        reader.setDaemon(true);
        reader.start();
        ahead = task;
      } catch (OutOfMemoryError _) {
        ahead = null;
      }
    }
  }

  /**
   * The next image.
   *
   * @throws IOException naming the file, as {@link ImageFiles#read}; the one after it comes next
   */
  public BufferedImage next() throws IOException {
    Path file = files.get(taken++);
    FutureTask<BufferedImage> image = ahead;
    try {
      return image == null ? exif.read(file) : image.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw (RuntimeException) e.getCause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading " + file, e);
    } finally {
      begin();
    }
  }
}
