package org.spike2former.train.loss;

import java.util.List;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;

/** What the images of a batch show: what the criterion's targets are made from. */
public sealed interface GroundTruth {
  /** Number of images B. */
  int images();

  /** Rows of each image. */
  int height();

  /** Columns of each image. */
  int width();

  /**
   * Classes alone: a target for each that is in an image, ascending.
   *
   * @param labels [B, H, W], read unsigned
   */
  record Semantic(Tensor labels) implements GroundTruth {
    /**
     * Checks the shape.
     *
     * @throws ShapeException if it is another one
     */
    public Semantic {
      if (labels.rank() != 3 || labels.dtype() != DType.LABELS || labels.size() == 0) {
        throw new ShapeException(
            "criterion: expected labels [B, H, W], found "
                + labels.dtype()
                + Shape.toString(labels.shape()));
      }
    }

    @Override
    public int images() {
      return labels.dim(0);
    }

    @Override
    public int height() {
      return labels.dim(1);
    }

    @Override
    public int width() {
      return labels.dim(2);
    }
  }

  /**
   * Segments: a target for each thing that has a pixel, in the order of the segments, then for each
   * class of stuff that has one, ascending. Crowds and void are no targets.
   *
   * @param maps of one size
   */
  record Panoptic(List<PanopticMap> maps) implements GroundTruth {
    /**
     * Checks the sizes.
     *
     * @throws ShapeException if there is no map, or they differ in size
     */
    public Panoptic {
      maps = List.copyOf(maps);
      if (maps.isEmpty()) {
        throw new ShapeException("criterion: expected maps of segments, found none");
      }
      for (PanopticMap map : maps) {
        int[] first = {maps.getFirst().height(), maps.getFirst().width()};
        Shape.require("map of segments", first, new int[] {map.height(), map.width()});
      }
    }

    @Override
    public int images() {
      return maps.size();
    }

    @Override
    public int height() {
      return maps.getFirst().height();
    }

    @Override
    public int width() {
      return maps.getFirst().width();
    }
  }
}
