package org.spike2former.train;

import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;

/**
 * What the network scored, and the sizes of it.
 *
 * @param classScores [S·B, Q, K+1]
 * @param masks [S·B, h, w, Q]
 * @param states S, also called L+1
 * @param images B
 * @param queries Q
 * @param h height of the masks
 * @param w width of the masks
 */
public record Scores(
    Tensor classScores, Tensor masks, int states, int images, int queries, int h, int w) {
  /** Checks the shapes against each other. */
  public static Scores of(Tensor classScores, Tensor masks, int images, int classes) {
    if (classScores.rank() != 3 || masks.rank() != 4) {
      throw new ShapeException(
          "criterion: expected class scores [S·B, Q, K+1] and masks [S·B, h, w, Q], found "
              + Shape.toString(classScores.shape())
              + " and "
              + Shape.toString(masks.shape()));
    }
    int rows = classScores.dim(0);
    int queries = classScores.dim(1);
    Shape.require("class scores", new int[] {rows, queries, classes + 1}, classScores.shape());
    Shape.require("masks", new int[] {rows, masks.dim(1), masks.dim(2), queries}, masks.shape());
    if (images < 1 || rows == 0 || rows % images != 0) {
      throw new ShapeException(
          "criterion: class scores of " + rows + " rows for " + images + " images");
    }
    if (classScores.dtype() != masks.dtype() || !classScores.dtype().isReal()) {
      throw new ShapeException(
          "criterion: class scores and masks of one real type, found "
              + classScores
              + " and "
              + masks);
    }
    return new Scores(
        classScores, masks, rows / images, images, queries, masks.dim(1), masks.dim(2));
  }

  /** K. */
  public int classes() {
    return classScores.dim(2) - 1;
  }

  /** S·B. */
  public int rows() {
    return states * images;
  }
}
