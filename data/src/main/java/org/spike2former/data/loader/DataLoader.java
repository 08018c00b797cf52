package org.spike2former.data.loader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.data.Sample;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.transform.Pipeline;

/**
 * The batches of a {@link BatchReader} one after another, read a few ahead by several threads.
 * Where the loader begins and the number of threads change nothing in a batch, so that a training
 * that is resumed goes on exactly. The first time that an image is skipped there is a warning.
 */
public final class DataLoader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataLoader.class);
  private static final int BATCHES_AHEAD = 2;

  private final Dataset dataset;
  private final BatchReader reader;
  private final Set<Path> warned = ConcurrentHashMap.newKeySet();
  private final Prefetcher<Sample> samples;

  /**
   * Begins to load.
   *
   * @param pipeline augmentation and padding
   * @param preprocessing gives mean and standard deviation
   * @param firstBatch number of the batch that comes first, from 0
   */
  public DataLoader(
      Dataset dataset,
      Pipeline pipeline,
      Preprocessing preprocessing,
      LoaderConfig config,
      long firstBatch) {
    this.dataset = dataset;
    this.reader = new BatchReader(dataset, pipeline, preprocessing, config, this::warn);
    int depth = Math.max(BATCHES_AHEAD * config.batch(), config.threads());
    long first = Math.multiplyExact(firstBatch, config.batch());
    this.samples = new Prefetcher<>(reader::sample, first, Long.MAX_VALUE, config.threads(), depth);
  }

  /**
   * Begins to load a data set's training split as its configuration says.
   *
   * @param batch samples per batch
   * @param firstBatch number of the batch that comes first, from 0
   * @throws IOException naming the folder or list that is missing or empty, or a file that lacks
   *     and is not to be skipped
   */
  public static DataLoader forTraining(DataConfig data, int batch, long seed, long firstBatch)
      throws IOException {
    Dataset dataset = data.dataset("train");
    dataset.begin(data.onBadImage());
    return new DataLoader(
        dataset,
        data.trainPipeline(),
        data.preprocessing(),
        new LoaderConfig(batch, seed, data.threads(), data.onBadImage()),
        firstBatch);
  }

  /**
   * The next batch. Samples of different sizes are padded to the largest.
   *
   * @throws IOException as {@link BatchReader#batch}
   */
  public Batch next() throws IOException {
    return reader.batch(samples);
  }

  /**
   * The next sample as it is before normalisation and padding, for looking at.
   *
   * @throws IOException as {@link #next}
   */
  public Sample nextSample() throws IOException {
    return samples.next();
  }

  private void warn(int index, IOException why) {
    if (warned.add(dataset.entry(index).image())) {
      LOG.warn("{}; skipped", why.getMessage());
    }
  }

  @Override
  public void close() {
    samples.close();
  }
}
