package org.spike2former.data.loader;

import java.io.IOException;
import java.nio.file.Path;
import org.spike2former.data.Tally;

/**
 * Work on a list of images, on each without regard to the others, so that machines can share it.
 *
 * @param <I> what is read of an image
 * @param <R> what comes of images
 */
public interface ImagePass<I, R extends Tally<R>> extends AutoCloseable {
  /** An image that is perhaps read already. */
  @FunctionalInterface
  interface Source<I> {
    /**
     * What was read.
     *
     * @throws IOException what reading it threw
     */
    I get() throws IOException;
  }

  /** Number of images. */
  int size();

  /** The file of image {@code i}. */
  Path file(int i);

  /**
   * Prepares for {@link #compute}; called once, when the first image may already be being read.
   *
   * @throws IOException if nothing can be done to any image
   */
  void begin() throws IOException;

  /** Reads image {@code i}; called by any thread. */
  I read(int i) throws IOException;

  /** How many images {@link #compute} may work on at once, each by a thread of its own; or one. */
  default int lanes() {
    return 1;
  }

  /**
   * Does the work; one image at a time, unless there are {@link #lanes}.
   *
   * @throws IOException or an unchecked exception if all work is to end, naming the image
   */
  R compute(int i, Source<I> image) throws IOException;

  /** What comes of no images. */
  R none();

  @Override
  void close();
}
