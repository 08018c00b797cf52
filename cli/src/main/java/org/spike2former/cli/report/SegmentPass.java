package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.spike2former.cli.console.Errors;
import org.spike2former.cli.option.ImageInputs.Input;
import org.spike2former.data.loader.ImagePass;
import org.spike2former.model.Segmenter;
import org.spike2former.snn.spikedriven.OperationCounts;

/**
 * Segments images and writes what is found; an image that fails does not keep others from it. While
 * the network sees one, others are read and written, which otherwise takes longer than a small
 * network.
 *
 * @param <R> what is found in an image
 */
public final class SegmentPass<R> implements ImagePass<BufferedImage, SegmentTally> {
  /** Loads a model. */
  @FunctionalInterface
  public interface Loader {
    /**
     * Loads it.
     *
     * @throws IOException naming the file that is missing or wrong
     */
    Segmenter load() throws IOException;
  }

  /**
   * What is done beside segmenting.
   *
   * @param digest whether digests are reported
   * @param count whether additions and multiplications are
   * @param trace whether failures come with where they happened
   */
  public record Extras(boolean digest, boolean count, boolean trace) {}

  private final List<Input> images;
  private final TaskOutput<R> out;
  private final Function<Input, List<Path>> files;
  private final Extras extras;
  private final Loader loader;
  private final int lanes;

  /** Held by who computes; waiting for it does not count as time that an image takes. */
  private final ReentrantLock turn = new ReentrantLock(true);

  /** Its second lock is for who needs all memory for an image. */
  private final ReadWriteLock memory = new ReentrantReadWriteLock(true);

  private Segmenter segmenter;

  /**
   * Loads nothing yet.
   *
   * @param files where the results of an image go, in the order of {@link TaskOutput#files}
   * @param lanes most images to work on at once
   */
  public SegmentPass(
      List<Input> images,
      TaskOutput<R> out,
      Function<Input, List<Path>> files,
      Extras extras,
      int lanes,
      Loader loader) {
    this.images = images;
    this.out = out;
    this.files = files;
    this.extras = extras;
    this.lanes = lanes;
    this.loader = loader;
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public int lanes() {
    return lanes;
  }

  @Override
  public Path file(int i) {
    return Path.of(images.get(i).name());
  }

  @Override
  public void begin() throws IOException {
    segmenter = loader.load();
  }

  @Override
  public BufferedImage read(int i) throws IOException {
    return images.get(i).read();
  }

  @Override
  public SegmentTally compute(int i, Source<BufferedImage> source) {
    try {
      return new SegmentTally(segment(i, source));
    } catch (IOException | IllegalArgumentException | ArithmeticException | OutOfMemoryError e) {
      Throwable named = naming(file(i), e);
      String trace = extras.trace ? Errors.trace(named) : null;
      return new SegmentTally(new SegmentTally.Found(i, null, null, Errors.describe(named), trace));
    }
  }

  /** An image for which memory does not suffice beside others is done once more, without them. */
  private SegmentTally.Found segment(int i, Source<BufferedImage> source) throws IOException {
    memory.readLock().lock();
    try {
      return segment(i, source.get());
    } catch (OutOfMemoryError e) {
      if (lanes == 1 || images.get(i).file() == null) {
        throw e;
      }
    } finally {
      memory.readLock().unlock();
    }
    memory.writeLock().lock();
    try {
      return segment(i, read(i));
    } finally {
      memory.writeLock().unlock();
    }
  }

  /** An error about an image names it. */
  private static Throwable naming(Path image, Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return new IOException(image + ": " + Errors.NO_MEMORY, e);
    }
    return e instanceof IllegalArgumentException || e instanceof ArithmeticException
        ? new IllegalArgumentException(image + ": " + e.getMessage(), e)
        : e;
  }

  private SegmentTally.Found segment(int i, BufferedImage pixels) throws IOException {
    R result;
    double seconds;
    OperationCounts counts = null;
    turn.lock();
    try {
      long start = System.nanoTime();
      result = out.compute(segmenter, pixels);
      seconds = (System.nanoTime() - start) / 1e9;
      if (extras.count) {
        counts = segmenter.operations().orElseThrow();
      }
    } finally {
      turn.unlock();
    }
    out.write(result, images.get(i).fileName(), files.apply(images.get(i)));
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    facts.put("width", pixels.getWidth()).put("height", pixels.getHeight());
    facts.put("seconds", seconds).put("backend", segmenter.describe());
    out.describe(result, facts);
    StringBuilder lines = new StringBuilder(out.table(result).text("  "));
    if (extras.digest) {
      out.digests(result)
          .forEach(
              (key, text) -> {
                facts.put(key, text);
                lines.append("  ").append(key.replace('_', ' ')).append(' ').append(text);
                lines.append('\n');
              });
    }
    if (counts != null) {
      facts.set("operations", OperationTable.of(counts).json());
      lines.append(OperationTable.of(counts).text("  "));
    }
    return new SegmentTally.Found(i, facts.toString(), lines.toString(), null, null);
  }

  @Override
  public SegmentTally none() {
    return new SegmentTally();
  }

  @Override
  public void close() {
    if (segmenter != null) {
      segmenter.close();
    }
  }
}
