package org.spike2former.data.loader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.spike2former.data.Sample;
import org.spike2former.data.Task;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.pixel.Frames;

/** What the files of a split hold; every one is read. */
public final class DataCheck {
  private final Map<String, Integer> sizes = new HashMap<>();
  private final long[] pixels;
  private final int[] images;
  private final SegmentCount segments;
  private FrameCount frames;
  private long withoutClass;
  private int emptyImages;
  private int turned;
  private Path firstTurned;
  private int bad;
  private String firstBad;

  private DataCheck(Dataset dataset) {
    int classes = dataset.classes().size();
    segments = dataset.task() == Task.PANOPTIC ? new SegmentCount(classes) : null;
    pixels = new long[classes];
    images = new int[classes];
  }

  /** Told of every image. */
  @FunctionalInterface
  public interface Progress {
    /** One more was read. */
    void step();
  }

  private record Read(Sample sample, String error) {}

  /** Reads all files of a data set, on several threads; bad ones are counted. */
  public static DataCheck of(Dataset dataset, int threads, Progress progress) throws IOException {
    DataCheck check = new DataCheck(dataset);
    try (Prefetcher<Read> reads =
        new Prefetcher<>(
            number -> read(dataset, (int) number), 0, dataset.size(), threads, 2 * threads)) {
      for (int i = 0; i < dataset.size(); i++) {
        Read read = reads.next();
        if (read.error == null) {
          check.add(read.sample);
        } else {
          check.firstBad = check.bad == 0 ? read.error : check.firstBad;
          check.bad++;
        }
        progress.step();
      }
    }
    check.turned = dataset.turned().size();
    if (check.turned > 0) {
      check.firstTurned = dataset.entry(dataset.turned().firstKey()).image();
    }
    return check;
  }

  private static Read read(Dataset dataset, int i) {
    try {
      return new Read(dataset.read(i), null);
    } catch (IOException e) {
      return new Read(null, e.getMessage());
    }
  }

  private void add(Sample sample) {
    sizes.merge(sample.width() + "x" + sample.height(), 1, Integer::sum);
    long[] counts = sample.labelMap().counts();
    boolean empty = true;
    for (int k = 0; k < pixels.length; k++) {
      pixels[k] += counts[k];
      images[k] += counts[k] > 0 ? 1 : 0;
      empty &= counts[k] == 0;
    }
    if (sample.pixels() instanceof Frames read) {
      frames = frames == null ? new FrameCount(read.channels()) : frames;
      frames.add(read);
    }
    if (segments != null) {
      segments.add(sample.name(), sample.segments());
    }
    withoutClass += counts[Sample.IGNORE];
    emptyImages += empty ? 1 : 0;
  }

  /** The numbers of event frames; null where images are photos. */
  public FrameCount frames() {
    return frames;
  }

  /** The segments; null where only classes are told apart. */
  public SegmentCount segments() {
    return segments;
  }

  /** Number of images with each size, such as "240x180". */
  public Map<String, Integer> sizes() {
    return Map.copyOf(sizes);
  }

  /** The size that most images have; null if none could be read. */
  public String commonSize() {
    return sizes.entrySet().stream()
        .max(
            Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  /** Pixels of class {@code k}. */
  public long pixels(int k) {
    return pixels[k];
  }

  /** Images that show class {@code k}. */
  public int images(int k) {
    return images[k];
  }

  /** Share of all pixels that are of class {@code k}; NaN if there are none. */
  public double share(int k) {
    long all = withoutClass;
    for (long count : pixels) {
      all += count;
    }
    return (double) pixels[k] / all;
  }

  /** Images that are not upright in their files. */
  public int turned() {
    return turned;
  }

  /** The first of them; null if there is none. */
  public Path firstTurned() {
    return firstTurned;
  }

  /** Pixels without class. */
  public long withoutClass() {
    return withoutClass;
  }

  /** Images without any class. */
  public int emptyImages() {
    return emptyImages;
  }

  /** Images that cannot be used. */
  public int bad() {
    return bad;
  }

  /** "FILE: what is wrong" of the first of them; null if there is none. */
  public String firstBad() {
    return firstBad;
  }
}
