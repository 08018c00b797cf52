package org.spike2former.data.loader;

import java.io.IOException;
import org.spike2former.data.Tally;

/** Takes an {@link ImagePass} over its images: on this machine, or on many. */
public interface PassRunner {
  /** Told of parts of the list of images, in its order. */
  @FunctionalInterface
  interface Listener<R> {
    /**
     * The next images are done.
     *
     * @param images their number
     */
    void done(int images, R part) throws IOException;
  }

  /**
   * Takes it over all images.
   *
   * @throws IOException that of the first image, in their order, whose work failed
   */
  <I, R extends Tally<R>> void run(ImagePass<I, R> pass, Listener<R> listener) throws IOException;

  /** This machine: this thread, or where a pass has lanes, as many threads. */
  PassRunner LOCAL =
      new PassRunner() {
        @Override
        public <I, R extends Tally<R>> void run(ImagePass<I, R> pass, Listener<R> listener)
            throws IOException {
          int lanes = Math.min(pass.lanes(), pass.size());
          ReadAhead<I> images = new ReadAhead<>(pass::read, 0, lanes > 1 ? 1 : pass.size());
          pass.begin();
          if (lanes > 1) {
            runLanes(pass, images::next, lanes, listener);
          } else {
            runRange(pass, images, 0, pass.size(), listener);
          }
        }
      };

  /**
   * Takes a pass that has begun over all images, several at a time.
   *
   * @param first what is read of the first image
   */
  private static <I, R extends Tally<R>> void runLanes(
      ImagePass<I, R> pass, ImagePass.Source<I> first, int lanes, Listener<R> listener)
      throws IOException {
    Prefetcher.Maker<R> work =
        number -> {
          int i = (int) number;
          return pass.compute(i, i == 0 ? first : () -> pass.read(i));
        };
    Prefetcher<R> parts = new Prefetcher<>(work, 0, pass.size(), lanes, lanes);
    try {
      for (int i = 0; i < pass.size(); i++) {
        listener.done(1, parts.next());
      }
    } finally {
      parts.end();
    }
  }

  /** Takes a pass that has begun over images {@code from} to {@code to}, on this thread. */
  static <I, R extends Tally<R>> void runRange(
      ImagePass<I, R> pass, ReadAhead<I> images, int from, int to, Listener<R> listener)
      throws IOException {
    for (int i = from; i < to; i++) {
      listener.done(1, pass.compute(i, images::next));
    }
  }
}
