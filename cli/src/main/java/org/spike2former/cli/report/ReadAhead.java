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
  private final List<Source> sources;
  private final ThreadFactory threads;
  private int begun;
  private int taken;

  /** Reads the image that is wanted next; null if its reading could not begin ahead. */
  private FutureTask<BufferedImage> ahead;

  /** Where an image comes from. */
  public interface Source {
    /**
     * Reads it.
     *
     * @throws IOException naming the file, as {@link ImageFiles#read}
     */
    BufferedImage read() throws IOException;
  }

  /** Reads files. */
  public ReadAhead(List<Path> files, Exif exif) {
    this(sources(files, exif));
  }

  /** As {@link #ReadAhead(List, Exif)}, on such threads. */
  public ReadAhead(List<Path> files, Exif exif, ThreadFactory threads) {
    this(sources(files, exif), threads);
  }

  /** Reads from anywhere. */
  public ReadAhead(List<Source> sources) {
    this(sources, task -> new Thread(task, "s2f-reader"));
  }

  private ReadAhead(List<Source> sources, ThreadFactory threads) {
    this.sources = sources;
    this.threads = threads;
    begin();
  }

  private static List<Source> sources(List<Path> files, Exif exif) {
    return files.stream().map(file -> (Source) () -> exif.read(file)).toList();
  }

  /** Where memory does not suffice for reading ahead, the image is read when it is wanted. */
  private void begin() {
    ahead = null;
    if (begun < sources.size()) {
      Source source = sources.get(begun++);
      try {
        FutureTask<BufferedImage> task = new FutureTask<>(source::read);
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
    Source source = sources.get(taken++);
    FutureTask<BufferedImage> image = ahead;
    try {
      return image == null ? source.read() : image.get();
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
      throw new IllegalStateException("interrupted while reading an image", e);
    } finally {
      begin();
    }
  }
}
