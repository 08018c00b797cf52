package org.spike2former.accel;

import java.util.Arrays;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * The geometry of a weight layer on one input.
 *
 * @param extents n, h, w, cin, cout, kh, kw, stride, pad, oh, ow
 * @param shape the output's
 */
record Window(int[] extents, int[] shape) {
  /**
   * The geometry; a pointwise layer sees its input as one row of pixels.
   *
   * @throws ShapeException naming the layer if the input does not fit
   */
  static Window of(Tensor x, WeightLayer layer) {
    int cin = layer.inChannels();
    int cout = layer.outChannels();
    int[] shape = x.shape();
    int last = shape.length - 1;
    if (shape[last] != cin || !layer.isPointwise() && shape.length != 4) {
      throw new ShapeException(
          layer.name()
              + ": expected "
              + cin
              + " input channels, found shape "
              + Shape.toString(shape));
    }
    if (layer.isPointwise()) {
      int rows = x.size() / cin;
      shape[last] = cout;
      return new Window(new int[] {1, 1, rows, cin, cout, 1, 1, 1, 0, 1, rows}, shape);
    }
    int kh = layer.kernelHeight();
    int kw = layer.kernelWidth();
    int oh = layer.outExtent(shape[1], kh);
    int ow = layer.outExtent(shape[2], kw);
    if (oh < 1 || ow < 1) {
      throw new ShapeException(
          layer.name() + ": input " + Shape.toString(shape) + " is smaller than its window");
    }
    int[] extents = {
      shape[0], shape[1], shape[2], cin, cout, kh, kw, layer.stride(), layer.padding(), oh, ow
    };
    return new Window(extents, new int[] {shape[0], oh, ow, cout});
  }

  /** Sizes of a step. */
  int[] sizes(int maxSpikes) {
    int[] sizes = Arrays.copyOf(extents, extents.length + 1);
    sizes[extents.length] = maxSpikes;
    return sizes;
  }
}
