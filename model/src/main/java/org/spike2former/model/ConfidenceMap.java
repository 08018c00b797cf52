package org.spike2former.model;

import java.awt.image.BufferedImage;
import org.spike2former.data.LabelMap;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.BilinearF32;

/**
 * How sure a network is of every pixel's class: the winning class's share of the scores whose
 * greatest gives the label, {@code max_k s_k / Σ_k s_k}. Scores are not negative, so it lies
 * between 1/K, all K classes alike, and 1, one class alone. The network's scores are not
 * probabilities, and nothing calibrates them: the map says where the network wavers, not how often
 * it is right.
 *
 * @param height pixels
 * @param width pixels
 * @param values [height, width], 0…1; 0 where no class has a score; not copied
 */
public record ConfidenceMap(int height, int width, float[] values) {
  /** Below it, all other classes together have more than the winning one. */
  public static final double DOUBTFUL = 0.5;

  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if there are not {@code height·width} values
   */
  public ConfidenceMap {
    if ((long) height * width != values.length) {
      throw new IllegalArgumentException(
          values.length + " values do not fill " + width + "x" + height + " pixels");
    }
  }

  /**
   * The shares that labels have of scores.
   *
   * @param scores [1, h, w, K], not negative, resized bilinearly to the labels' size
   * @param labels the class of each pixel, below K
   */
  static ConfidenceMap of(Tensor scores, LabelMap labels) {
    int h = scores.dim(1);
    int w = scores.dim(2);
    int classes = scores.dim(3);
    double[] sums = new double[h * w];
    for (int i = 0; i < sums.length; i++) {
      for (int k = 0; k < classes; k++) {
        sums[i] += score(scores, i * classes + k);
      }
    }
    // A resize is linear, so that of the sums is the sum of what is resized.
    BilinearF32 rows = new BilinearF32(h, labels.height());
    BilinearF32 columns = new BilinearF32(w, labels.width());
    float[] values = new float[labels.labels().length];
    for (int y = 0, at = 0; y < labels.height(); y++) {
      double below = rows.weight()[y];
      for (int x = 0; x < labels.width(); x++, at++) {
        double right = columns.weight()[x];
        int label = labels.label(y, x);
        double part = 0;
        double whole = 0;
        for (int corner = 0; corner < 4; corner++) {
          int row = corner < 2 ? rows.low()[y] : rows.high()[y];
          int column = corner % 2 == 0 ? columns.low()[x] : columns.high()[x];
          double weight = (corner < 2 ? 1 - below : below) * (corner % 2 == 0 ? 1 - right : right);
          int pixel = row * w + column;
          part += weight * score(scores, pixel * classes + label);
          whole += weight * sums[pixel];
        }
        values[at] = whole > 0 ? (float) Math.min(1, part / whole) : 0;
      }
    }
    return new ConfidenceMap(labels.height(), labels.width(), values);
  }

  private static double score(Tensor scores, int at) {
    return scores.dtype() == DType.F32 ? scores.floats()[at] : scores.doubles()[at];
  }

  /** Share of the pixels that are below {@link #DOUBTFUL}, 0 to 1. */
  public double doubtful() {
    int count = 0;
    for (float value : values) {
      count += value >= DOUBTFUL ? 0 : 1;
    }
    return (double) count / values.length;
  }

  /** The same of the pixels with a label; NaN if there is none. */
  public double doubtful(LabelMap labels, int label) {
    int all = 0;
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if ((labels.labels()[i] & 0xff) == label) {
        all++;
        count += values[i] >= DOUBTFUL ? 0 : 1;
      }
    }
    return all == 0 ? Double.NaN : (double) count / all;
  }

  /** An 8-bit grey image: black is 0, white 1. */
  public BufferedImage toImage() {
    byte[] grey = new byte[values.length];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = (byte) Math.round(255 * values[i]);
    }
    return new LabelMap(height, width, grey).toImage();
  }
}
