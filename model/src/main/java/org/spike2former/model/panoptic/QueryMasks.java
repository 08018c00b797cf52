package org.spike2former.model.panoptic;

import java.util.Locale;
import org.spike2former.data.ScoreMap;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

/**
 * What each of a network's Q queries found in an image: how likely it is of each class, and its
 * mask.
 */
public final class QueryMasks {
  private final Tensor masks;
  private final MaskFrame frame;
  private final double[][] shares;

  /**
   * Takes over what a network predicted.
   *
   * @param classScores logits [1, Q, K+1], real
   * @param masks logits [1, h, w, Q], of the same type; not copied
   * @throws ArithmeticException if a class score is not finite
   */
  public QueryMasks(Tensor classScores, Tensor masks, MaskFrame frame) {
    this.masks = masks;
    this.frame = frame;
    shares = new double[classScores.dim(1)][classScores.dim(2)];
    if (classScores.dtype() == DType.F32) {
      ClassScoresF32 scores = new ClassScoresF32(classScores);
      fill(scores::share);
    } else {
      ClassScoresF64 scores = new ClassScoresF64(classScores);
      fill(scores::share);
    }
  }

  private interface Share {
    double of(int query, int k);
  }

  private void fill(Share share) {
    for (int query = 0; query < shares.length; query++) {
      for (int k = 0; k < shares[query].length; k++) {
        shares[query][k] = share.of(query, k);
      }
    }
  }

  /** Number of queries Q. */
  public int size() {
    return shares.length;
  }

  /**
   * The probabilities of the K classes and, last, of "no object": the softmax of a query's class
   * scores, [K+1].
   *
   * @throws IndexOutOfBoundsException if there is no such query
   */
  public double[] probabilities(int query) {
    return shares[query].clone();
  }

  /**
   * The class with the greatest probability, K for "no object"; the first of equals.
   *
   * @throws IndexOutOfBoundsException if there is no such query
   */
  public int best(int query) {
    int best = 0;
    for (int k = 1; k < shares[query].length; k++) {
      best = shares[query][k] > shares[query][best] ? k : best;
    }
    return best;
  }

  /**
   * Probability that a pixel is in the query's mask, at the image's size.
   *
   * @throws IndexOutOfBoundsException if there is no such query
   * @throws ArithmeticException if the mask is not finite
   */
  public ScoreMap mask(int query) {
    return mask(query, frame);
  }

  /**
   * As {@link #mask(int)}, at the size at which the network sees the image: resized and not padded.
   */
  public ScoreMap maskAsSeen(int query) {
    int height = frame.contentHeight();
    int width = frame.contentWidth();
    return mask(
        query,
        new MaskFrame(frame.inputHeight(), frame.inputWidth(), height, width, height, width));
  }

  private ScoreMap mask(int query, MaskFrame size) {
    if (query < 0 || query >= shares.length) {
      throw new IndexOutOfBoundsException(
          String.format(Locale.ROOT, "query %d of 0 to %d", query, shares.length - 1));
    }
    int height = size.originalHeight();
    int width = size.originalWidth();
    float[] values = new float[height * width];
    int[] chosen = {query};
    if (masks.dtype() == DType.F32) {
      MaskRowsF32.Reader rows = new MaskRowsF32(masks, chosen, size).new Reader();
      for (int i = 0; i < values.length; i += width) {
        float[] row = rows.row(i / width);
        for (int x = 0; x < width; x++) {
          values[i + x] = MaskRowsF32.sigmoid(row[x]);
        }
      }
    } else {
      MaskRowsF64.Reader rows = new MaskRowsF64(masks, chosen, size).new Reader();
      for (int i = 0; i < values.length; i += width) {
        double[] row = rows.row(i / width);
        for (int x = 0; x < width; x++) {
          values[i + x] = (float) MaskRowsF64.sigmoid(row[x]);
        }
      }
    }
    return new ScoreMap(height, width, values);
  }
}
