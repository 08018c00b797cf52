package org.spike2former.model.panoptic;

import java.util.stream.IntStream;
import org.spike2former.data.LabelMap;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

/**
 * Label maps of more classes than {@code Ops.labels} can number in a byte. The rule is the same:
 * the class with the greatest logit, the first of equals, after a bilinear resize.
 */
public final class WideLabels {
  private final Tensor logits;
  private final int[] all;
  private final MaskFrame frame;
  private final byte[] labels;

  private WideLabels(Tensor logits, int height, int width) {
    this.logits = logits;
    all = IntStream.range(0, logits.dim(3)).toArray();
    int h = logits.dim(1);
    int w = logits.dim(2);
    frame = new MaskFrame(h, w, h, w, height, width);
    labels = new byte[2 * height * width];
  }

  /**
   * The label map.
   *
   * @param logits [1, h, w, K], K up to 65535
   * @throws ArithmeticException if a logit is not finite
   */
  public static LabelMap of(Tensor logits, int height, int width, Workers workers) {
    WideLabels map = new WideLabels(logits, height, width);
    workers.run(
        height,
        1,
        (from, to) -> {
          if (logits.dtype() == DType.F32) {
            map.rowsF32(from, to);
          } else {
            map.rowsF64(from, to);
          }
        });
    return new LabelMap(height, width, map.labels);
  }

  private void rowsF32(int from, int to) {
    MaskRowsF32.Reader rows = new MaskRowsF32(logits, all, frame).new Reader();
    for (int y = from; y < to; y++) {
      float[] row = rows.row(y);
      for (int x = 0; x < frame.originalWidth(); x++) {
        int best = 0;
        for (int k = 1; k < all.length; k++) {
          best = row[x * all.length + k] > row[x * all.length + best] ? k : best;
        }
        put(y * frame.originalWidth() + x, best);
      }
    }
  }

  private void rowsF64(int from, int to) {
    MaskRowsF64.Reader rows = new MaskRowsF64(logits, all, frame).new Reader();
    for (int y = from; y < to; y++) {
      double[] row = rows.row(y);
      for (int x = 0; x < frame.originalWidth(); x++) {
        int best = 0;
        for (int k = 1; k < all.length; k++) {
          best = row[x * all.length + k] > row[x * all.length + best] ? k : best;
        }
        put(y * frame.originalWidth() + x, best);
      }
    }
  }

  private void put(int pixel, int label) {
    labels[2 * pixel] = (byte) label;
    labels[2 * pixel + 1] = (byte) (label >> 8);
  }
}
