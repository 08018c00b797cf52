package org.spike2former.accel;

import java.util.Arrays;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.OpShapes;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * The geometry of a weight layer on one input.
 *
 * @param extents n, h, w, cin, cout, kh, kw, stride, pad, oh, ow
 * @param shape the output's
 */
record Window(int[] extents, int[] shape) {
  private static final OpShapes SHAPES = new OpShapes(DType.F32);

  /**
   * The geometry; a pointwise layer sees its input as one row of pixels.
   *
   * @throws org.spike2former.tensor.ShapeException naming the layer if the input does not fit
   */
  static Window of(Tensor x, WeightLayer layer) {
    int cin = layer.inChannels();
    int cout = layer.outChannels();
    int[] shape = SHAPES.layer(x, layer);
    if (layer.isPointwise()) {
      int rows = x.size() / cin;
      return new Window(new int[] {1, 1, rows, cin, cout, 1, 1, 1, 0, 1, rows}, shape);
    }
    int[] extents = {
      x.dim(0),
      x.dim(1),
      x.dim(2),
      cin,
      cout,
      layer.kernelHeight(),
      layer.kernelWidth(),
      layer.stride(),
      layer.padding(),
      shape[1],
      shape[2]
    };
    return new Window(extents, shape);
  }

  /** Sizes of a step. */
  int[] sizes(int maxSpikes) {
    int[] sizes = Arrays.copyOf(extents, extents.length + 1);
    sizes[extents.length] = maxSpikes;
    return sizes;
  }
}
