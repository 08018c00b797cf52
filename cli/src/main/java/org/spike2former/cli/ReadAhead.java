package org.spike2former.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.spike2former.data.Images;
import org.spike2former.data.dataset.Exif;

/** Reads images one ahead of whoever uses them; the first is read from the start. */
final class ReadAhead {
  private final Iterator<Path> files;
  private final Exif exif;
  private FutureTask<BufferedImage> next;

  /** Images that are turned upright. */
  ReadAhead(List<Path> files) {
    this(files, Exif.APPLY);
  }

  ReadAhead(List<Path> files, Exif exif) {
    this.files = files.iterator();
    this.exif = exif;
    begin();
  }

  private void begin() {
    if (files.hasNext()) {
      Path file = files.next();
      next = new FutureTask<>(() -> exif.read(file));
      Thread reader = new Thread(next, "s2f-reader");
      reader.setDaemon(true);
      reader.start();
    }
  }

  /**
   * The next image.
   *
   * @throws IOException naming the file, as {@link Images#read}; the one behind it comes next
   */
  BufferedImage next() throws IOException {
    FutureTask<BufferedImage> image = next;
    try {
      return image.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw (RuntimeException) e.getCause();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      begin();
    }
  }
}
