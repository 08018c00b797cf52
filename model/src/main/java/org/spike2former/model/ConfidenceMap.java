package org.spike2former.model;

import java.awt.image.BufferedImage;
import org.spike2former.data.LabelMap;
import org.spike2former.data.ScoreMap;
import org.spike2former.tensor.Tensor;

/**
 * How sure a network is of every pixel's class: the winning class's share of the scores whose
 * greatest gives the label, {@code max_k s_k / Σ_k s_k}, or the greatest of their softmax, as their
 * {@link ScoreScale} says. It lies between 1/K, all K classes alike, and 1, one class alone. The
 * network's scores are not probabilities, and nothing calibrates them: the map says where the
 * network wavers, not how often it is right.
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
   * @param scores [1, h, w, K], resized bilinearly to the labels' size
   * @param labels the class of each pixel, below K
   */
  static ConfidenceMap of(Tensor scores, ScoreScale scale, LabelMap labels) {
    float[] values =
        new ClassShares(scores, scale).shares(labels.height(), labels.width(), labels::label);
    return new ConfidenceMap(labels.height(), labels.width(), values);
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
      if (labels.label(i) == label) {
        all++;
        count += values[i] >= DOUBTFUL ? 0 : 1;
      }
    }
    return all == 0 ? Double.NaN : (double) count / all;
  }

  /** An 8-bit grey image: black is 0, white 1. */
  public BufferedImage toImage() {
    return new ScoreMap(height, width, values).toImage();
  }
}
