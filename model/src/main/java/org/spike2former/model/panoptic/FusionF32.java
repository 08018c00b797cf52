package org.spike2former.model.panoptic;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

/** Panoptic fusion in float32: see {@link PostProcessing#panoptic}. */
final class FusionF32 {
  private final PanopticOptions options;
  private final int things;
  private final Workers workers;

  FusionF32(PanopticOptions options, int things, Workers workers) {
    this.options = options;
    this.things = things;
    this.workers = workers;
  }

  PanopticMap fuse(Tensor classScores, Tensor masks, MaskFrame frame) {
    ClassScoresF32 scores = new ClassScoresF32(classScores);
    int[] kept = kept(scores);
    int[] ids = new int[frame.originalHeight() * frame.originalWidth()];
    Won won = new Won(ids, kept.length);
    Map<Integer, Float> scoreOf = new LinkedHashMap<>();
    if (kept.length == 0) {
      Arrays.fill(ids, scores.classes());
    } else {
      give(scores, kept, new MaskRowsF32(masks, kept, frame), won, frame.originalWidth());
      paint(scores, kept, won, scoreOf);
    }
    return map(frame, ids, scores.classes(), scoreOf);
  }

  private int[] kept(ClassScoresF32 scores) {
    float least = (float) options.objectMaskThr().doubleValue();
    return IntStream.range(0, scores.queries())
        .filter(
            q -> {
              int best = scores.best(q);
              return best < scores.classes() && scores.share(q, best) > least;
            })
        .toArray();
  }

  /** Which of the kept queries got each pixel, and how many. */
  private static final class Won {
    /** For each pixel the query, or its complement where the query's own mask is below ½. */
    private final int[] winners;

    private final AtomicIntegerArray areas;

    /** Of each query the pixels where its own mask is at least ½, whoever got them. */
    private final AtomicIntegerArray originals;

    Won(int[] winners, int count) {
      this.winners = winners;
      areas = new AtomicIntegerArray(count);
      originals = new AtomicIntegerArray(count);
    }
  }

  private void give(ClassScoresF32 scores, int[] kept, MaskRowsF32 rows, Won won, int width) {
    float[] factors = new float[kept.length];
    for (int i = 0; i < kept.length; i++) {
      factors[i] = scores.share(kept[i], scores.best(kept[i]));
    }
    workers.run(
        won.winners.length / width,
        1,
        (from, to) -> {
          MaskRowsF32.Reader reader = rows.new Reader();
          Contest contest = new Contest(factors);
          for (int y = from; y < to; y++) {
            contest.row(reader.row(y), won.winners, y * width);
          }
          for (int i = 0; i < kept.length; i++) {
            won.areas.addAndGet(i, contest.areas[i]);
            won.originals.addAndGet(i, contest.originals[i]);
          }
        });
  }

  /** Gives pixels to queries, a row at a time; for one thread. */
  private static final class Contest {
    /** The most that a sigmoid shrinks by where a logit of at most 0 falls by 1: e^{-1}…0.538. */
    private static final float FALL = 0.54f;

    /** Logits below this one may have sigmoids that are equal. */
    private static final float TINY = -80;

    private final float[] factors;

    /** Whether no factor makes up for a logit that is so much lower. */
    private final boolean factorsAreClose;

    private final int[] areas;
    private final int[] originals;

    Contest(float[] factors) {
      this.factors = factors;
      areas = new int[factors.length];
      originals = new int[factors.length];
      float least = 1;
      float most = 0;
      for (float factor : factors) {
        least = Math.min(least, factor);
        most = Math.max(most, factor);
      }
      factorsAreClose = most * FALL < least;
    }

    /**
     * The pixels of a row; of equal products the first query wins. Sigmoids are taken only of
     * logits that could win.
     *
     * @param logits [width, M]
     * @param winners see {@link Won}; the row is from {@code at}
     */
    void row(float[] logits, int[] winners, int at) {
      int count = factors.length;
      for (int base = 0; base < logits.length; base += count) {
        float hopeless = hopeless(logits, base);
        float greatest = -1;
        int winner = 0;
        for (int i = 0; i < count; i++) {
          float logit = logits[base + i];
          if (logit <= hopeless) {
            continue;
          }
          float mask = MaskRowsF32.sigmoid(logit);
          boolean isIn = mask >= 0.5f;
          originals[i] += isIn ? 1 : 0;
          float product = factors[i] * mask;
          if (product > greatest) {
            greatest = product;
            winner = isIn ? i : ~i;
          }
        }
        winners[at + base / count] = winner;
        areas[winner >= 0 ? winner : ~winner]++;
      }
    }

    /** The logit of a pixel up to which a query loses, whatever its factor. */
    private float hopeless(float[] logits, int base) {
      if (!factorsAreClose) {
        return Float.NEGATIVE_INFINITY;
      }
      float highest = logits[base];
      for (int i = 1; i < factors.length; i++) {
        highest = Math.max(highest, logits[base + i]);
      }
      return highest < TINY ? Float.NEGATIVE_INFINITY : Math.min(highest, 0) - 1;
    }
  }

  /**
   * Turns winners into ids.
   *
   * @param scoreOf receives the score of each id; of stuff that of its surest query
   */
  private void paint(ClassScoresF32 scores, int[] kept, Won won, Map<Integer, Float> scoreOf) {
    int nothing = scores.classes();
    int[] idOf = new int[kept.length];
    int instances = 0;
    for (int i = 0; i < kept.length; i++) {
      int area = won.areas.get(i);
      int original = won.originals.get(i);
      if (area == 0 || original == 0 || (double) area / original < options.iouThr()) {
        idOf[i] = nothing;
        continue;
      }
      int k = scores.best(kept[i]);
      instances += k < things ? 1 : 0;
      idOf[i] = k < things ? k + PanopticMap.INSTANCE_OFFSET * instances : k;
      scoreOf.merge(idOf[i], scores.share(kept[i], k), Math::max);
    }
    for (int p = 0; p < won.winners.length; p++) {
      int winner = won.winners[p];
      won.winners[p] =
          winner >= 0 ? idOf[winner] : options.filterLowScore() ? nothing : idOf[~winner];
    }
  }

  private PanopticMap map(MaskFrame frame, int[] ids, int nothing, Map<Integer, Float> scoreOf) {
    Map<Integer, PanopticMap.Extent> extents = PanopticMap.extents(ids, frame.originalWidth());
    List<Segment> segments =
        scoreOf.entrySet().stream()
            .filter(entry -> extents.containsKey(entry.getKey()))
            .map(entry -> segment(entry.getKey(), entry.getValue(), extents.get(entry.getKey())))
            .toList();
    return new PanopticMap(frame.originalHeight(), frame.originalWidth(), ids, nothing, segments);
  }

  private Segment segment(int id, float score, PanopticMap.Extent extent) {
    int k = id % PanopticMap.INSTANCE_OFFSET;
    return new Segment(id, k, k < things, false, score, extent.area(), extent.box());
  }
}
