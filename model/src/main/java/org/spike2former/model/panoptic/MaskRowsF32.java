package org.spike2former.model.panoptic;

import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.BilinearF32;
import org.spike2former.tensor.cpu.kernels.Exp;

/**
 * Mask logits of some queries at the size of the result, a row at a time: resized bilinearly to the
 * network's input, cropped to the image, and resized once more where the result is of another size.
 * Each resize interpolates along the rows first, then between them.
 */
final class MaskRowsF32 {
  private final float[] masks;
  private final int w;
  private final int queries;
  private final int[] chosen;
  private final MaskFrame frame;
  private final BilinearF32 rows;
  private final BilinearF32 columns;
  private final BilinearF32 lastRows;
  private final BilinearF32 lastColumns;

  /**
   * Prepares.
   *
   * @param masks [1, h, w, Q]
   * @param chosen queries in question, M of them
   */
  MaskRowsF32(Tensor masks, int[] chosen, MaskFrame frame) {
    this.masks = masks.floats();
    this.w = masks.dim(2);
    this.queries = masks.dim(3);
    this.chosen = chosen;
    this.frame = frame;
    rows = new BilinearF32(masks.dim(1), frame.inputHeight());
    columns = new BilinearF32(w, frame.inputWidth());
    lastRows = new BilinearF32(frame.contentHeight(), frame.originalHeight());
    lastColumns = new BilinearF32(frame.contentWidth(), frame.originalWidth());
  }

  /** Probability of a logit; 0 where the exponential overflows, as PyTorch has it. */
  static float sigmoid(float logit) {
    return logit < -Exp.MAX_F32 ? 0 : 1 / (1 + Exp.exp(-logit));
  }

  /** Computes rows; for one thread, and fastest in ascending order. */
  final class Reader {
    private final int count = chosen.length;
    private final float[] gathered = new float[w * count];
    private final Pair stretched = new Pair(frame.contentWidth() * count);
    private final Pair stretchedLast =
        new Pair(frame.isRescaled() ? frame.originalWidth() * count : 0);
    private final float[] content = new float[frame.contentWidth() * count];
    private final float[] result =
        frame.isRescaled() ? new float[frame.originalWidth() * count] : content;

    /**
     * Logits of a row of the result, [originalWidth, M]; good until the next call.
     *
     * @throws ArithmeticException if a logit that matters is not finite
     */
    float[] row(int y) {
      if (!frame.isRescaled()) {
        return contentRow(y);
      }
      float[] above = lastRow(lastRows.low()[y], lastRows.high()[y]);
      float[] below = lastRow(lastRows.high()[y], lastRows.low()[y]);
      between(above, below, lastRows.weight()[y], result);
      return result;
    }

    /** A row of the image in the input, stretched to the result's width. */
    private float[] lastRow(int y, int keep) {
      if (!stretchedLast.has(y)) {
        stretch(contentRow(y), lastColumns, stretchedLast.replace(y, keep));
      }
      return stretchedLast.get(y);
    }

    private float[] contentRow(int y) {
      float[] above = maskRow(rows.low()[y], rows.high()[y]);
      float[] below = maskRow(rows.high()[y], rows.low()[y]);
      between(above, below, rows.weight()[y], content);
      return content;
    }

    /** A row of the masks, stretched to the input's width without padding. */
    private float[] maskRow(int y, int keep) {
      if (!stretched.has(y)) {
        gather(y);
        stretch(gathered, columns, stretched.replace(y, keep));
      }
      return stretched.get(y);
    }

    private void gather(int y) {
      for (int x = 0; x < w; x++) {
        int base = (y * w + x) * queries;
        for (int i = 0; i < count; i++) {
          float logit = masks[base + chosen[i]];
          if (!Float.isFinite(logit)) {
            throw new ArithmeticException("the mask of query " + chosen[i] + " is not finite");
          }
          gathered[x * count + i] = logit;
        }
      }
    }

    /** From [width, M] to another width; positions beyond {@code out} are padding. */
    private void stretch(float[] in, BilinearF32 columns, float[] out) {
      for (int x = 0; x < out.length / count; x++) {
        float weight = columns.weight()[x];
        int low = columns.low()[x] * count;
        int high = columns.high()[x] * count;
        int to = x * count;
        for (int i = 0; i < count; i++) {
          out[to + i] = (1 - weight) * in[low + i] + weight * in[high + i];
        }
      }
    }
  }

  private static void between(float[] above, float[] below, float weight, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (1 - weight) * above[i] + weight * below[i];
    }
  }

  /** The two rows that were needed last, by their numbers. */
  private static final class Pair {
    private final float[][] rows;
    private final int[] numbers = {-1, -1};

    Pair(int length) {
      rows = new float[2][length];
    }

    boolean has(int number) {
      return numbers[0] == number || numbers[1] == number;
    }

    float[] get(int number) {
      return rows[numbers[0] == number ? 0 : 1];
    }

    /** An array for a row; that of another one, which is needed too, is kept. */
    float[] replace(int number, int keep) {
      int slot = numbers[0] == keep ? 1 : 0;
      numbers[slot] = number;
      return rows[slot];
    }
  }
}
