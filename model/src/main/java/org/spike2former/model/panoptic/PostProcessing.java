package org.spike2former.model.panoptic;

import java.util.List;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

/**
 * From a network's class scores and masks to segments or instances ({@code model.md} section 7), by
 * the rules of mmdetection's {@code MaskFormerFusionHead}. Everything is computed in the type of
 * the scores, row by row of the result; the bits do not depend on the number of threads.
 *
 * <p>Memory: four bytes for each pixel of the result for segments, a bit for each pixel and query
 * for instances, and for each thread a few rows of the masks in question.
 */
public final class PostProcessing {
  private final int things;
  private final PanopticOptions options;
  private final Workers workers;

  /**
   * Post-processing on these threads.
   *
   * @param things how many classes, the first ones, are things; the others are stuff
   * @throws IllegalArgumentException if it is negative
   */
  public PostProcessing(int things, PanopticOptions options, Workers workers) {
    if (things < 0) {
      throw new IllegalArgumentException("things: expected 0 or more classes, found " + things);
    }
    this.things = things;
    this.options = options;
    this.workers = workers;
  }

  /**
   * The segments of an image: each pixel is given to the query with the greatest product of class
   * score and mask, among those that are sure of a class. Void is the class "no object", K.
   *
   * @param classScores logits [1, Q, K+1], real
   * @param masks logits [1, h, w, Q], of the same type
   * @throws ShapeException if shapes or types do not fit each other
   * @throws ArithmeticException if a number that matters is not finite
   */
  public PanopticMap panoptic(Tensor classScores, Tensor masks, MaskFrame frame) {
    check(classScores, masks);
    return classScores.dtype() == DType.F32
        ? new FusionF32(options, things, workers).fuse(classScores, masks, frame)
        : new FusionF64(options, things, workers).fuse(classScores, masks, frame);
  }

  /**
   * The things of an image, those with the greatest class scores first, of equals the one of the
   * lower query, then of the lower class. A query may give several, of different classes.
   *
   * @param classScores logits [1, Q, K+1], real
   * @param masks logits [1, h, w, Q], of the same type
   * @throws ShapeException if shapes or types do not fit each other
   * @throws ArithmeticException if a number that matters is not finite
   */
  public List<Instance> instances(Tensor classScores, Tensor masks, MaskFrame frame) {
    check(classScores, masks);
    return classScores.dtype() == DType.F32
        ? new InstancesF32(options, things, workers).find(classScores, masks, frame)
        : new InstancesF64(options, things, workers).find(classScores, masks, frame);
  }

  private void check(Tensor classScores, Tensor masks) {
    if (classScores.rank() != 3 || masks.rank() != 4 || classScores.dim(2) < 2) {
      throw new ShapeException(
          "post-processing: expected class scores [1, Q, K+1] and masks [1, h, w, Q], found "
              + Shape.toString(classScores.shape())
              + " and "
              + Shape.toString(masks.shape()));
    }
    int queries = classScores.dim(1);
    Shape.require("class scores", new int[] {1, queries, classScores.dim(2)}, classScores.shape());
    Shape.require("masks", new int[] {1, masks.dim(1), masks.dim(2), queries}, masks.shape());
    if (classScores.dtype() != masks.dtype() || !masks.dtype().isReal()) {
      throw new ShapeException(
          "post-processing: class scores and masks of one real type, found "
              + classScores
              + " and "
              + masks);
    }
    if (things >= classScores.dim(2)) {
      throw new ShapeException(
          "post-processing: " + things + " classes of things in " + (classScores.dim(2) - 1));
    }
  }
}
