package org.spike2former.data.loader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.data.Tally;
import org.spike2former.data.dataset.Dataset;

/**
 * Predicts for the images of a split and compares with what is labelled.
 *
 * @param <I> an image and its labels
 * @param <M> what is counted
 */
public final class EvaluationPass<I, M extends Tally<M>> implements ImagePass<I, SplitTally<M>> {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluationPass.class);

  /** Predicts and compares. */
  @FunctionalInterface
  interface Judge<I, M> {
    /** Adds image {@code i} to an empty count. */
    void count(int i, I image, M empty) throws IOException;
  }

  private final Dataset dataset;
  private final ReadAhead.Reader<I> reader;
  private final OnBadImage onBadImage;
  private final Supplier<M> empty;
  private final Judge<I, M> judge;
  private Runnable end = () -> {};

  EvaluationPass(
      Dataset dataset,
      ReadAhead.Reader<I> reader,
      OnBadImage onBadImage,
      Supplier<M> empty,
      Judge<I, M> judge) {
    this.dataset = dataset;
    this.reader = reader;
    this.onBadImage = onBadImage;
    this.empty = empty;
    this.judge = judge;
  }

  @Override
  public int size() {
    return dataset.size();
  }

  @Override
  public Path file(int i) {
    return dataset.entry(i).image();
  }

  @Override
  public void begin() throws IOException {
    dataset.begin(onBadImage);
  }

  @Override
  public I read(int i) throws IOException {
    return reader.read(i);
  }

  @Override
  public SplitTally<M> compute(int i, Source<I> source) throws IOException {
    I image;
    try {
      image = source.get();
    } catch (IOException e) {
      if (onBadImage == OnBadImage.FAIL) {
        throw e;
      }
      return none().withSkipped(e.getMessage());
    }
    dataset.warnOfTurned();
    M counted = empty.get();
    judge.count(i, image, counted);
    return new SplitTally<>(counted, 1);
  }

  /**
   * What a predictor makes of image {@code i}.
   *
   * @throws IllegalArgumentException naming the image if the predictor cannot take it
   */
  static <P> P predict(Dataset dataset, int i, Source<P> predictor) throws IOException {
    try {
      return predictor.get();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IllegalArgumentException(dataset.entry(i).image() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public SplitTally<M> none() {
    return new SplitTally<>(empty.get(), 0);
  }

  /**
   * Goes through all images.
   *
   * @param step called for each of them
   * @throws IOException naming the file that cannot be used, unless such files are skipped; or if
   *     none can be used
   * @throws IllegalArgumentException naming the image that the predictor cannot take
   */
  public SplitTally<M> evaluate(PassRunner runner, Runnable step) throws IOException {
    SplitTally<M> all = none();
    runner.run(
        this,
        (images, part) -> {
          part.skipped().forEach(problem -> LOG.warn("{}; skipped", problem));
          all.add(part);
          for (int i = 0; i < images; i++) {
            step.run();
          }
        });
    if (all.images() == 0) {
      throw new IOException(
          dataset.name()
              + ": not one of its images can be used; the first: "
              + all.skipped().getFirst());
    }
    return all;
  }

  /** The same, which does this when it is closed. */
  public EvaluationPass<I, M> closing(Runnable resource) {
    end = resource;
    return this;
  }

  @Override
  public void close() {
    end.run();
  }
}
