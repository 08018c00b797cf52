package org.spike2former.model;

import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

/**
 * Scores of classes and their shares of the scores of all classes, at any size: resized bilinearly,
 * as PyTorch does it with {@code align_corners=False}.
 */
final class ClassShares {
  private final Tensor scores;
  private final ScoreScale scale;
  private final int h;
  private final int w;
  private final int classes;

  /** Of scores [1, h, w, K]. */
  ClassShares(Tensor scores, ScoreScale scale) {
    this.scores = scores;
    this.scale = scale;
    h = scores.dim(1);
    w = scores.dim(2);
    classes = scores.dim(3);
  }

  /**
   * For each pixel the share that one class has of all scores, 0 where no class has a score.
   *
   * @param classOf the class in question, by the pixel's place in [height, width]
   */
  float[] shares(int height, int width, IntUnaryOperator classOf) {
    return switch (scale) {
      case PROPORTIONAL -> partsOfTheSum(height, width, classOf);
      case LOGARITHMIC -> softmax(height, width, classOf);
    };
  }

  private float[] softmax(int height, int width, IntUnaryOperator classOf) {
    return resized(
        height,
        width,
        (row, column, at) -> {
          double own = score(row, column, classOf.applyAsInt(at));
          double sum = 0;
          for (int k = 0; k < classes; k++) {
            sum += StrictMath.exp(score(row, column, k) - own);
          }
          return 1 / sum;
        });
  }

  private float[] partsOfTheSum(int height, int width, IntUnaryOperator classOf) {
    double[] sums = new double[h * w];
    for (int i = 0; i < sums.length; i++) {
      for (int k = 0; k < classes; k++) {
        sums[i] += score(i * classes + k);
      }
    }
    // A resize is linear, so that of the sums is the sum of what is resized.
    return resized(
        height,
        width,
        (row, column, at) -> {
          double part = score(row, column, classOf.applyAsInt(at));
          double whole = blend(row, column, pixel -> sums[pixel]);
          return whole > 0 ? Math.min(1, part / whole) : 0;
        });
  }

  /** The scores of class {@code k}, [height, width]. */
  float[] scores(int height, int width, int k) {
    return resized(height, width, (row, column, _) -> score(row, column, k));
  }

  /** What a pixel of another size has, number {@code at} in [height, width]. */
  private interface PixelValue {
    double of(Sampling row, Sampling column, int at);
  }

  private float[] resized(int height, int width, PixelValue value) {
    float[] values = new float[Math.multiplyExact(height, width)];
    for (int y = 0, at = 0; y < height; y++) {
      Sampling row = Sampling.of(y, h, height);
      for (int x = 0; x < width; x++, at++) {
        values[at] = (float) value.of(row, Sampling.of(x, w, width), at);
      }
    }
    return values;
  }

  private double score(Sampling row, Sampling column, int k) {
    return blend(row, column, pixel -> score(pixel * classes + k));
  }

  /** The weighted sum of the numbers of the four pixels around a place. */
  private double blend(Sampling row, Sampling column, IntToDoubleFunction numberOf) {
    double sum = 0;
    for (int corner = 0; corner < 4; corner++) {
      int pixel = row.place(corner / 2) * w + column.place(corner % 2);
      double weight = row.weight(corner / 2) * column.weight(corner % 2);
      sum += weight * numberOf.applyAsDouble(pixel);
    }
    return sum;
  }

  /**
   * Where a pixel lies between two of another size.
   *
   * @param upper weight of the second of the two
   */
  private record Sampling(int first, int second, double upper) {
    static Sampling of(int i, int in, int out) {
      float position = Math.max(0f, (float) in / out * (i + 0.5f) - 0.5f);
      int first = Math.min((int) position, in - 1);
      return new Sampling(first, Math.min(first + 1, in - 1), position - first);
    }

    int place(int which) {
      return which == 0 ? first : second;
    }

    double weight(int which) {
      return which == 0 ? 1 - upper : upper;
    }
  }

  private double score(int at) {
    return scores.dtype() == DType.F32 ? scores.floats()[at] : scores.doubles()[at];
  }
}
