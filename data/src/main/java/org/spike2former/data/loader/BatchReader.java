package org.spike2former.data.loader;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.spike2former.data.Sample;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.transform.Pipeline;

/**
 * The batches of a training by number, without end: every epoch is a permutation of the data set,
 * and batches run across the border of two epochs. Batch i depends on the seed and on i alone,
 * whoever reads it and whatever was read before. For any thread.
 *
 * <p>An image without any class is used like every other. With {@link OnBadImage#SKIP}, the place
 * of an image that cannot be used is taken by the next one in the epoch.
 */
public final class BatchReader {
  private final Dataset dataset;
  private final Pipeline pipeline;
  private final Preprocessing preprocessing;
  private final LoaderConfig config;
  private final EpochOrder order;
  private final BiConsumer<Integer, IOException> skipped;

  /**
   * Reads nothing yet.
   *
   * @param pipeline augmentation and padding
   * @param preprocessing gives mean and standard deviation
   * @param skipped hears of images that cannot be used and are skipped, by their index in the data
   *     set, each time that it is their turn; called by any thread
   */
  public BatchReader(
      Dataset dataset,
      Pipeline pipeline,
      Preprocessing preprocessing,
      LoaderConfig config,
      BiConsumer<Integer, IOException> skipped) {
    this.dataset = dataset;
    this.pipeline = pipeline;
    this.preprocessing = preprocessing;
    this.config = config;
    this.order = new EpochOrder(dataset.size(), config.seed());
    this.skipped = skipped;
  }

  /**
   * Reads as a data set's configuration says.
   *
   * @param dataset the training split
   * @param batch samples per batch
   * @param skipped as for the constructor
   */
  public static BatchReader forTraining(
      DataConfig data,
      Dataset dataset,
      int batch,
      long seed,
      BiConsumer<Integer, IOException> skipped) {
    return new BatchReader(
        dataset,
        data.trainPipeline(),
        data.preprocessing(),
        new LoaderConfig(batch, seed, data.threads(), data.onBadImage()),
        skipped);
  }

  /**
   * A batch by its number, from 0. Samples of different sizes are padded to the largest.
   *
   * @throws IOException naming the file that cannot be used, unless such files are skipped; or if
   *     none can be used
   */
  public Batch batch(long number) throws IOException {
    long first = Math.multiplyExact(number, config.batch());
    long end = first + config.batch();
    int threads = Math.min(config.threads(), config.batch());
    try (Prefetcher<Sample> samples =
        new Prefetcher<>(this::sample, first, end, threads, config.batch())) {
      return batch(samples);
    }
  }

  /** The batch of the next samples. */
  Batch batch(Prefetcher<Sample> samples) throws IOException {
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

  private Batch assemble(List<Sample> parts, int height, int width) {
    int steps = parts.getFirst().pixels().steps();
    int channels = parts.getFirst().pixels().channels();
    int pixels = Math.multiplyExact(height, width);
    int frame = Math.multiplyExact(channels, pixels);
    float[] images = new float[Math.multiplyExact(steps * parts.size(), frame)];
    byte[] labels = new byte[parts.size() * pixels];
    Arrays.fill(labels, (byte) Sample.IGNORE);
    for (int i = 0; i < parts.size(); i++) {
      Sample sample = parts.get(i);
      for (int t = 0; t < steps; t++) {
        int offset = (t * parts.size() + i) * frame;
        preprocessing.normalise(sample.pixels(), t, images, offset, channels * width);
      }
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
    return new Batch(parts.size(), height, width, images, labels, names, segments, steps, channels);
  }

  /** The sample at a place of the whole run. */
  Sample sample(long number) throws IOException {
    IOException first = null;
    for (int i = 0; i < dataset.size(); i++) {
      int index = order.index(number, i);
      try {
        Sample sample = dataset.read(index);
        dataset.warnOfTurned();
        RandomGenerator random = Seeds.generator(config.seed(), Seeds.Purpose.AUGMENTATION, number);
        return pipeline.apply(sample, random);
      } catch (IOException e) {
        if (config.onBadImage() == OnBadImage.FAIL) {
          throw e;
        }
        skipped.accept(index, e);
        first = first == null ? e : first;
      }
    }
    throw new IOException(
        dataset.name() + ": not one of its images can be used; the first: " + first.getMessage(),
        first);
  }
}
