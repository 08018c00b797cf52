package org.spike2former.model.panoptic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.spike2former.data.mask.BitMask;
import org.spike2former.data.mask.Rle;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

/** Instances in float32: see {@link PostProcessing#instances}. */
final class InstancesF32 {
  /** So that nothing is divided by zero, as in mmdetection. */
  private static final float EPSILON = 1e-6f;

  private final PanopticOptions options;
  private final int things;
  private final Workers workers;

  InstancesF32(PanopticOptions options, int things, Workers workers) {
    this.options = options;
    this.things = things;
    this.workers = workers;
  }

  List<Instance> find(Tensor classScores, Tensor masks, MaskFrame frame) {
    ClassScoresF32 scores = new ClassScoresF32(classScores);
    int[] found =
        Arrays.stream(scores.greatest(options.maxPerImage()))
            .filter(i -> i % scores.classes() < things)
            .toArray();
    int[] queries = Arrays.stream(found).map(i -> i / scores.classes()).distinct().toArray();
    if (queries.length == 0) {
      return List.of();
    }
    Inside inside = new Inside(queries.length, frame);
    inside.measure(new MaskRowsF32(masks, queries, frame));
    Rle[] runs = new Rle[queries.length];
    workers.run(
        runs.length,
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            runs[i] = inside.bits[i].toRle();
          }
        });
    int[] placeOf = new int[scores.queries()];
    for (int i = 0; i < queries.length; i++) {
      placeOf[queries[i]] = i;
    }
    List<Instance> instances = new ArrayList<>();
    for (int index : found) {
      int query = index / scores.classes();
      int k = index % scores.classes();
      Rle mask = runs[placeOf[query]];
      float mean = inside.sum(placeOf[query]) / (mask.area() + EPSILON);
      instances.add(new Instance(query, k, scores.share(query, k) * mean, mask.box(), mask));
    }
    return instances;
  }

  /** The masks of some queries as bits, and the sums of their probabilities. */
  private final class Inside {
    private final BitMask[] bits;
    private final int height;
    private final int width;

    /** Of each row and mask, so that sums do not depend on who computed which rows. */
    private final double[] sums;

    Inside(int count, MaskFrame frame) {
      height = frame.originalHeight();
      width = frame.originalWidth();
      bits = new BitMask[count];
      Arrays.setAll(bits, i -> new BitMask(height, width));
      sums = new double[Math.multiplyExact(height, count)];
    }

    void measure(MaskRowsF32 rows) {
      workers.run(
          height,
          1,
          (from, to) -> {
            MaskRowsF32.Reader reader = rows.new Reader();
            for (int y = from; y < to; y++) {
              measureRow(y, reader.row(y));
            }
          });
    }

    private void measureRow(int y, float[] logits) {
      int count = bits.length;
      for (int start = 0; start < width; start += Long.SIZE) {
        int end = Math.min(start + Long.SIZE, width);
        for (int i = 0; i < count; i++) {
          long word = 0;
          double sum = 0;
          for (int x = start; x < end; x++) {
            float logit = logits[x * count + i];
            if (logit > 0) {
              word |= 1L << x;
              sum += MaskRowsF32.sigmoid(logit);
            }
          }
          bits[i].set(y, start / Long.SIZE, word);
          sums[y * count + i] += sum;
        }
      }
    }

    /** Over all rows. */
    float sum(int i) {
      double sum = 0;
      for (int y = 0; y < height; y++) {
        sum += sums[y * bits.length + i];
      }
      return (float) sum;
    }
  }
}
