package org.spike2former.data.loader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.data.Sample;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.transform.Pipeline;

/**
 * Batches for training, without end: every epoch is a permutation of the data set, and batches run
 * across the border of two epochs. Batch i depends on the seed and on i alone, whatever the number
 * of threads and wherever the loader began, so that a training that is resumed goes on exactly.
 *
 * <p>An image without any class is used like every other. With {@link OnBadImage#SKIP}, the place
 * of an image that cannot be used is taken by the next one in the epoch.
 */
public final class DataLoader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataLoader.class);
  private static final int BATCHES_AHEAD = 2;

  private final Dataset dataset;
  private final Pipeline pipeline;
  private final Preprocessing preprocessing;
  private final LoaderConfig config;
  private final EpochOrder order;
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
    this.pipeline = pipeline;
    this.preprocessing = preprocessing;
    this.config = config;
    this.order = new EpochOrder(dataset.size(), config.seed());
    int depth = Math.max(BATCHES_AHEAD * config.batch(), config.threads());
    long first = Math.multiplyExact(firstBatch, config.batch());
    this.samples = new Prefetcher<>(this::load, first, Long.MAX_VALUE, config.threads(), depth);
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
   * @throws IOException naming the file that cannot be used, unless such files are skipped; or if
   *     none can be used
   */
  public Batch next() throws IOException {
    List<Sample> parts = new ArrayList<>();
    int height = 1;
    int width = 1;
    for (int i = 0; i < config.batch(); i++) {
      Sample sample = samples.next();
      parts.add(sample);
      height = Math.max(height, pipeline.pad().height(sample));
      width = Math.max(width, pipeline.pad().width(sample));
    }
    return assemble(parts, height, width);
  }

  /**
   * The next sample as it is before normalisation and padding, for looking at.
   *
   * @throws IOException as {@link #next}
   */
  public Sample nextSample() throws IOException {
    return samples.next();
  }

  private Batch assemble(List<Sample> parts, int height, int width) {
    int pixels = Math.multiplyExact(height, width);
    float[] images = new float[Math.multiplyExact(3 * parts.size(), pixels)];
    byte[] labels = new byte[parts.size() * pixels];
    Arrays.fill(labels, (byte) Sample.IGNORE);
    for (int i = 0; i < parts.size(); i++) {
      Sample sample = parts.get(i);
      preprocessing.normalise(
          sample.rgb(), sample.height(), sample.width(), images, 3 * i * pixels, 3 * width);
      for (int y = 0; y < sample.height(); y++) {
        System.arraycopy(
            sample.labels(), y * sample.width(), labels, i * pixels + y * width, sample.width());
      }
    }
    List<String> names = parts.stream().map(Sample::name).toList();
    List<PanopticMap> segments = null;
    if (parts.getFirst().segments() != null) {
      segments = parts.stream().map(part -> part.segments().padded(height, width)).toList();
    }
    return new Batch(parts.size(), height, width, images, labels, names, segments);
  }

  /** The sample at a place of the whole run. */
  private Sample load(long number) throws IOException {
    IOException first = null;
    for (int skipped = 0; skipped < dataset.size(); skipped++) {
      int index = order.index(number, skipped);
      try {
        Sample sample = dataset.read(index);
        dataset.warnOfTurned();
        RandomGenerator random = Seeds.generator(config.seed(), Seeds.Purpose.AUGMENTATION, number);
        return pipeline.apply(sample, random);
      } catch (IOException e) {
        if (config.onBadImage() == OnBadImage.FAIL) {
          throw e;
        }
        if (warned.add(dataset.entry(index).image())) {
          LOG.warn("{}; skipped", e.getMessage());
        }
        first = first == null ? e : first;
      }
    }
    throw new IOException(
        dataset.name() + ": not one of its images can be used; the first: " + first.getMessage(),
        first);
  }

  @Override
  public void close() {
    samples.close();
  }
}
