package org.spike2former.data.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.spike2former.data.Tally;
import org.spike2former.data.mask.Rle;

/**
 * Average precision and recall of instance masks over the images of a split, as COCO's evaluation
 * (pycocotools' {@code COCOeval} of type {@code segm}) computes them: at ten thresholds of the
 * intersection over union, 0.5 to 0.95; of at most 100 detections for each image and category.
 *
 * @see <a href="https://cocodataset.org/#detection-eval">COCO's detection evaluation</a>
 */
public final class MaskPrecision implements Tally<MaskPrecision> {
  private static final long serialVersionUID = 1;

  /** Thresholds of the intersection over union. */
  static final double[] THRESHOLDS = steps(0.5, 0.95, 10);

  /** Detections of an image and category that count. */
  private static final int MOST = 100;

  /** Of objects, in pixels. */
  enum Size {
    ALL(0, 1e10),
    SMALL(0, 32 * 32),
    MEDIUM(32 * 32, 96 * 96),
    LARGE(96 * 96, 1e10);

    private final double least;
    private final double greatest;

    Size(double least, double greatest) {
      this.least = least;
      this.greatest = greatest;
    }

    boolean has(double area) {
      return area >= least && area <= greatest;
    }
  }

  /**
   * An object that is there.
   *
   * @param area that of the annotation, which decides its size
   * @param crowd whether it is a group of objects, which nothing need find and anything may
   */
  public record Truth(int category, Rle mask, double area, boolean crowd) {}

  /** An object that was found. */
  public record Detection(int category, Rle mask, double score) {}

  private final int categories;

  /** For each category and size what was found in the images. */
  private final ArrayList<ArrayList<ArrayList<MaskMatching>>> matchings = new ArrayList<>();

  /** Without images. */
  public MaskPrecision(int categories) {
    this.categories = categories;
    for (int k = 0; k < categories; k++) {
      ArrayList<ArrayList<MaskMatching>> ofSizes = new ArrayList<>();
      for (int size = 0; size < Size.values().length; size++) {
        ofSizes.add(new ArrayList<>());
      }
      matchings.add(ofSizes);
    }
  }

  /** As NumPy's {@code linspace}. */
  static double[] steps(double first, double last, int count) {
    double[] steps = new double[count];
    double step = (last - first) / (count - 1);
    for (int i = 0; i < count; i++) {
      steps[i] = i * step + first;
    }
    steps[count - 1] = last;
    return steps;
  }

  /**
   * Adds an image. COCO's own takes images in ascending order of their ids; of detections with
   * equal scores those of earlier images come first.
   *
   * @throws IllegalArgumentException for an unknown category, a score that is no number, or masks
   *     of different sizes
   */
  public void add(List<Truth> truths, List<Detection> detections) {
    truths.forEach(truth -> requireCategory(truth.category()));
    for (Detection detection : detections) {
      requireCategory(detection.category());
      if (Double.isNaN(detection.score())) {
        throw new IllegalArgumentException("a detection's score is no number");
      }
    }
    for (int k = 0; k < categories; k++) {
      int category = k;
      List<Truth> wanted = truths.stream().filter(t -> t.category() == category).toList();
      List<Detection> found =
          detections.stream()
              .filter(d -> d.category() == category)
              .sorted(Comparator.comparingDouble(d -> -d.score()))
              .limit(MOST)
              .toList();
      if (wanted.isEmpty() && found.isEmpty()) {
        continue;
      }
      double[][] ious = ious(found, wanted);
      for (Size size : Size.values()) {
        matchings.get(k).get(size.ordinal()).add(MaskMatching.of(wanted, found, ious, size));
      }
    }
  }

  @Override
  public void add(MaskPrecision next) {
    if (next.categories != categories) {
      throw new IllegalArgumentException(
          "precision of " + next.categories + " categories, expected " + categories);
    }
    for (int k = 0; k < categories; k++) {
      for (int size = 0; size < Size.values().length; size++) {
        matchings.get(k).get(size).addAll(next.matchings.get(k).get(size));
      }
    }
  }

  private void requireCategory(int category) {
    if (category < 0 || category >= categories) {
      throw new IllegalArgumentException("category " + category + " is not one of " + categories);
    }
  }

  private static double[][] ious(List<Detection> found, List<Truth> wanted) {
    double[][] ious = new double[found.size()][wanted.size()];
    for (int d = 0; d < ious.length; d++) {
      for (int g = 0; g < wanted.size(); g++) {
        Truth truth = wanted.get(g);
        ious[d][g] = found.get(d).mask().iou(truth.mask(), truth.crowd());
      }
    }
    return ious;
  }

  /**
   * Means over categories and thresholds; −1 where there is no object.
   *
   * @param ap average precision at all ten thresholds
   * @param ap50 at 0.5
   * @param ap75 at 0.75
   * @param apSmall of objects up to 32² pixels
   * @param apMedium of objects up to 96² pixels
   * @param apLarge of larger ones
   * @param ar1 average recall of one detection for each image and category
   * @param ar10 of ten
   * @param ar100 of a hundred, as all the others
   * @param arSmall of objects up to 32² pixels
   * @param arMedium of objects up to 96² pixels
   * @param arLarge of larger ones
   */
  public record Summary(
      double ap,
      double ap50,
      double ap75,
      double apSmall,
      double apMedium,
      double apLarge,
      double ar1,
      double ar10,
      double ar100,
      double arSmall,
      double arMedium,
      double arLarge) {}

  /** The twelve figures of COCO's evaluation. */
  public Summary summary() {
    List<PrecisionCurve> all = curves(Size.ALL, MOST);
    List<PrecisionCurve> small = curves(Size.SMALL, MOST);
    List<PrecisionCurve> medium = curves(Size.MEDIUM, MOST);
    List<PrecisionCurve> large = curves(Size.LARGE, MOST);
    return new Summary(
        mean(all, PrecisionCurve::precisions),
        mean(all, curve -> curve.precisions(0)),
        mean(all, curve -> curve.precisions(5)),
        mean(small, PrecisionCurve::precisions),
        mean(medium, PrecisionCurve::precisions),
        mean(large, PrecisionCurve::precisions),
        mean(curves(Size.ALL, 1), PrecisionCurve::recalls),
        mean(curves(Size.ALL, 10), PrecisionCurve::recalls),
        mean(all, PrecisionCurve::recalls),
        mean(small, PrecisionCurve::recalls),
        mean(medium, PrecisionCurve::recalls),
        mean(large, PrecisionCurve::recalls));
  }

  /** AP of one category, as {@link Summary#ap}; −1 where there is no object. */
  public double precision(int category) {
    return PrecisionCurve.of(matchings.get(category).get(Size.ALL.ordinal()), MOST).stream()
        .flatMapToDouble(PrecisionCurve::precisions)
        .average()
        .orElse(-1);
  }

  /** Of the categories that have objects of the size. */
  private List<PrecisionCurve> curves(Size size, int detections) {
    return matchings.stream()
        .flatMap(of -> PrecisionCurve.of(of.get(size.ordinal()), detections).stream())
        .toList();
  }

  private static double mean(
      List<PrecisionCurve> curves, Function<PrecisionCurve, DoubleStream> values) {
    return curves.stream().flatMapToDouble(values).average().orElse(-1);
  }
}
