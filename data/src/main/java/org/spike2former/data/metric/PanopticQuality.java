package org.spike2former.data.metric;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.spike2former.data.Tally;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;

/**
 * Panoptic quality over the images of a split, to the last digit that of COCO's panopticapi on one
 * core. A true and a predicted segment of one category match if their intersection is more than
 * half of their union, for which void pixels of the truth do not count. Crowds match nothing; a
 * prediction of which more than half lies in void or in a crowd of its category is not counted
 * against it.
 *
 * @see <a href="https://arxiv.org/abs/1801.00868">Kirillov et al., Panoptic Segmentation</a>
 */
public final class PanopticQuality implements Tally<PanopticQuality> {
  private static final long serialVersionUID = 1;

  /** Which categories a mean is over. */
  public enum Part {
    ALL("all"),
    THINGS("things"),
    STUFF("stuff");

    private final String title;

    Part(String title) {
      this.title = title;
    }

    /** Its name in tables and files. */
    public String title() {
      return title;
    }
  }

  /**
   * What was found of a category.
   *
   * @param iou sum over the matches of intersection over union
   * @param matches pairs of segments, TP
   * @param wrong predictions without match, FP
   * @param missed true segments without match, FN
   */
  public record Counts(double iou, long matches, long wrong, long missed) {
    /** Whether no segment counted. */
    public boolean isEmpty() {
      return matches + wrong + missed == 0;
    }

    /** Panoptic quality PQ, 0…1; 0 if no segment counted. */
    public double pq() {
      return isEmpty() ? 0 : iou / segments();
    }

    /** Segmentation quality SQ: the mean intersection over union of matches; 0 if there is none. */
    public double sq() {
      return matches == 0 ? 0 : iou / matches;
    }

    /** Recognition quality RQ, 0…1; 0 if no segment counted. */
    public double rq() {
      return isEmpty() ? 0 : matches / segments();
    }

    private double segments() {
      return matches + 0.5 * wrong + 0.5 * missed;
    }
  }

  /**
   * Means over categories of which a segment counted; NaN if there is none.
   *
   * @param categories their number
   */
  public record Mean(double pq, double sq, double rq, int categories) {}

  /** What was found of a category; ratios are added at the end, so that parts can be merged. */
  private static final class Found implements Serializable {
    private static final long serialVersionUID = 1;

    private final ArrayList<Double> ious = new ArrayList<>();
    private long wrong;
    private long missed;

    Counts counts() {
      double sum = 0;
      for (double iou : ious) {
        sum += iou;
      }
      return new Counts(sum, ious.size(), wrong, missed);
    }
  }

  private final boolean[] things;
  private final Found[] categories;

  /**
   * Without images.
   *
   * @param things for each category whether it is one of things
   */
  public PanopticQuality(boolean... things) {
    this.things = things.clone();
    categories = new Found[things.length];
    for (int k = 0; k < categories.length; k++) {
      categories[k] = new Found();
    }
  }

  /**
   * Adds an image. The area of a true segment is what it says itself, that of a prediction is
   * counted.
   *
   * @throws IllegalArgumentException if the sizes differ or a segment is of an unknown category
   */
  public void add(PanopticMap truth, PanopticMap prediction) {
    if (truth.height() != prediction.height() || truth.width() != prediction.width()) {
      throw new IllegalArgumentException(
          "prediction of "
              + prediction.width()
              + "x"
              + prediction.height()
              + " pixels, ground truth of "
              + truth.width()
              + "x"
              + truth.height());
    }
    requireCategories(truth);
    requireCategories(prediction);
    new Image(truth, prediction).count();
  }

  @Override
  public void add(PanopticQuality next) {
    if (next.categories.length != categories.length) {
      throw new IllegalArgumentException(
          "quality of " + next.categories.length + " categories, expected " + categories.length);
    }
    for (int k = 0; k < categories.length; k++) {
      categories[k].ious.addAll(next.categories[k].ious);
      categories[k].wrong += next.categories[k].wrong;
      categories[k].missed += next.categories[k].missed;
    }
  }

  private void requireCategories(PanopticMap map) {
    for (Segment segment : map.segments()) {
      if (segment.category() >= things.length) {
        throw new IllegalArgumentException(
            "segment "
                + segment.id()
                + ": category "
                + segment.category()
                + " is not one of "
                + things.length);
      }
    }
  }

  /** What was found of a category. */
  public Counts counts(int category) {
    return categories[category].counts();
  }

  /** Number of categories. */
  public int categories() {
    return categories.length;
  }

  /** Means over the categories, summed in their order. */
  public Mean mean(Part part) {
    double pq = 0;
    double sq = 0;
    double rq = 0;
    int n = 0;
    for (int k = 0; k < categories.length; k++) {
      Counts counts = counts(k);
      if (!counts.isEmpty() && (part == Part.ALL || things[k] == (part == Part.THINGS))) {
        pq += counts.pq();
        sq += counts.sq();
        rq += counts.rq();
        n++;
      }
    }
    return new Mean(pq / n, sq / n, rq / n, n);
  }

  /** The segments of an image and how many pixels pairs of them have in common. */
  private final class Image {
    private final PanopticMap truth;
    private final PanopticMap prediction;
    private final Map<Long, Integer> common = new HashMap<>();
    private final Map<Integer, Integer> predictedArea = new HashMap<>();
    private final Set<Integer> matchedTruth = new HashSet<>();
    private final Set<Integer> matchedPrediction = new HashSet<>();

    Image(PanopticMap truth, PanopticMap prediction) {
      this.truth = truth;
      this.prediction = prediction;
      int[] wanted = truth.ids();
      int[] found = prediction.ids();
      int from = 0;
      for (int i = 1; i <= wanted.length; i++) {
        if (i == wanted.length || wanted[i] != wanted[from] || found[i] != found[from]) {
          common.merge(pair(wanted[from], found[from]), i - from, Integer::sum);
          predictedArea.merge(found[from], i - from, Integer::sum);
          from = i;
        }
      }
    }

    /** Ascending with the true id, then with the predicted one. */
    private static long pair(int wanted, int found) {
      return (long) wanted << Integer.SIZE | found & 0xffff_ffffL;
    }

    private int common(int wanted, int found) {
      return common.getOrDefault(pair(wanted, found), 0);
    }

    void count() {
      matches();
      Map<Integer, Integer> crowds = new HashMap<>();
      for (Segment segment : truth.segments()) {
        if (matchedTruth.contains(segment.id())) {
          continue;
        }
        if (segment.crowd()) {
          crowds.put(segment.category(), segment.id());
        } else {
          categories[segment.category()].missed++;
        }
      }
      for (Segment segment : prediction.segments()) {
        if (!matchedPrediction.contains(segment.id()) && !isExcused(segment, crowds)) {
          categories[segment.category()].wrong++;
        }
      }
    }

    private void matches() {
      Map<Integer, Segment> wanted = truth.byId();
      Map<Integer, Segment> found = prediction.byId();
      for (long pair : common.keySet().stream().mapToLong(Long::longValue).sorted().toArray()) {
        Segment a = wanted.get((int) (pair >> Integer.SIZE));
        Segment b = found.get((int) pair);
        if (a == null || b == null || a.crowd() || a.category() != b.category()) {
          continue;
        }
        int inBoth = common.get(pair);
        int union = predictedArea.get(b.id()) + a.area() - inBoth - common(truth.voidId(), b.id());
        double iou = (double) inBoth / union;
        if (iou > 0.5) {
          categories[a.category()].ious.add(iou);
          matchedTruth.add(a.id());
          matchedPrediction.add(b.id());
        }
      }
    }

    private boolean isExcused(Segment segment, Map<Integer, Integer> crowds) {
      int beside = common(truth.voidId(), segment.id());
      Integer crowd = crowds.get(segment.category());
      beside += crowd == null ? 0 : common(crowd, segment.id());
      return (double) beside / predictedArea.getOrDefault(segment.id(), 0) > 0.5;
    }
  }
}
