package org.spike2former.train.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Sample;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.loader.OnBadImage;
import org.spike2former.data.loader.Prefetcher;
import org.spike2former.train.Quality;

/**
 * A look at the labels of a split before hours are spent on them: at all of them, or of many at
 * some that are spread evenly. {@code s2f data check} counts all.
 */
public final class LabelSurvey {
  /** Reading as many takes seconds, even of large images. */
  private static final int MOST = 200;

  private static final int NAMES = 10;

  private final Dataset dataset;
  private final long[] pixels;
  private final boolean[] values = new boolean[256];
  private int read;
  private int empty;
  private String firstEmpty;

  private record Labels(LabelMap values, byte[] classes, IOException error) {}

  private LabelSurvey(Dataset dataset) {
    this.dataset = dataset;
    this.pixels = new long[dataset.classes().size()];
  }

  /**
   * Reads labels.
   *
   * @param stop asked after every file whether to break off
   * @throws IOException naming the file that cannot be used, and the value in it that is not a
   *     class; not where such files are skipped
   */
  public static LabelSurvey of(
      Dataset dataset, int threads, OnBadImage onBadImage, BooleanSupplier stop)
      throws IOException {
    LabelSurvey survey = new LabelSurvey(dataset);
    int count = Math.min(MOST, dataset.size());
    try (Prefetcher<Labels> labels =
        new Prefetcher<>(n -> read(dataset, place(dataset, n)), 0, count, threads, 2 * threads)) {
      for (int n = 0; n < count && !stop.getAsBoolean(); n++) {
        Labels next = labels.next();
        if (next.error == null) {
          survey.add(next, place(dataset, n));
        } else if (onBadImage == OnBadImage.FAIL) {
          throw next.error;
        }
      }
    }
    return survey;
  }

  private static int place(Dataset dataset, long n) {
    return (int) (n * dataset.size() / Math.min(MOST, dataset.size()));
  }

  private static Labels read(Dataset dataset, int i) {
    try {
      LabelMap values = dataset.values(i);
      return new Labels(values, dataset.classesOf(i, values), null);
    } catch (IOException e) {
      return new Labels(null, null, e);
    }
  }

  private void add(Labels labels, int place) {
    long[] found = labels.values.counts();
    for (int value = 0; value < found.length; value++) {
      values[value] |= found[value] > 0;
    }
    boolean any = false;
    for (byte label : labels.classes) {
      int k = label & 0xff;
      if (k != Sample.IGNORE) {
        pixels[k]++;
        any = true;
      }
    }
    read++;
    if (!any) {
      empty++;
      firstEmpty = firstEmpty == null ? dataset.entry(place).labels().toString() : firstEmpty;
    }
  }

  /** Lines about a split to train on. */
  public List<String> trainingWarnings() {
    List<String> lines = new ArrayList<>();
    if (read == 0) {
      return lines;
    }
    ClassTable classes = dataset.classes();
    if (empty == read) {
      lines.add(nothing() + ", so it teaches \"no object\" alone" + meant());
      return lines;
    }
    List<String> missing = new ArrayList<>();
    for (int k = 0; k < pixels.length; k++) {
      if (pixels[k] == 0) {
        missing.add(classes.names().get(k));
      }
    }
    if (!missing.isEmpty()) {
      String names = missing.stream().limit(NAMES).collect(Collectors.joining(", "));
      int more = missing.size() - NAMES;
      lines.add(
          start()
              + "no pixel of class "
              + names
              + (more > 0 ? " and " + more + " more" : "")
              + " in "
              + sample()
              + meant());
    }
    if (empty > 0) {
      lines.add(
          start()
              + empty
              + " of "
              + sample()
              + " have no pixel of any class; the first: "
              + firstEmpty);
    }
    return lines;
  }

  /** Lines about a split to evaluate on. */
  public List<String> validationWarnings() {
    return read > 0 && empty == read
        ? List.of(
            nothing()
                + ", so there will be no "
                + Quality.of(dataset.task(), dataset.metric()).title()
                + " and no best model"
                + meant())
        : List.of();
  }

  private String start() {
    return "warning: " + dataset.name() + ": ";
  }

  private String nothing() {
    return start() + "not one pixel of " + sample() + " has a class";
  }

  private String sample() {
    return read == dataset.size()
        ? read + " labels"
        : read + " of " + dataset.size() + " labels (a sample; s2f data check reads all)";
  }

  /** A mask as drawing programs write it: black and white. */
  private String meant() {
    for (int value = 1; value < 255; value++) {
      if (values[value]) {
        return "";
      }
    }
    return values[0] && values[255] && pixels.length > 1
        ? "; labels of 0 and 255 where 0 and 1 were meant? 255 is not a class: write class "
            + dataset.classes().names().get(1)
            + " as 1"
        : "";
  }
}
