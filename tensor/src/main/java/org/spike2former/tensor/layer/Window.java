package org.spike2former.tensor.layer;

import org.spike2former.tensor.Tensor;

/**
 * The geometry of a sliding-window operation on a map [n, h, w, cin] that gives [n, oh, ow, cout].
 *
 * @param n maps
 * @param h input height
 * @param w input width
 * @param cin input channels
 * @param cout output channels
 * @param kh window height
 * @param kw window width
 * @param stride step along both axes
 * @param pad rows and columns of zeros on each side
 * @param oh output height
 * @param ow output width
 */
public record Window(
    int n, int h, int w, int cin, int cout, int kh, int kw, int stride, int pad, int oh, int ow) {
  /** The window of a linear layer over {@code rows} vectors. */
  public static Window pointwise(int rows, int cin, int cout) {
    return new Window(1, 1, rows, cin, cout, 1, 1, 1, 0, 1, rows);
  }

  /**
   * The window of a weight layer; a pointwise layer sees its input as one row of pixels.
   *
   * @param out the output's shape, as {@link org.spike2former.tensor.OpShapes#layer} gives it
   */
  public static Window of(Tensor x, WeightLayer layer, int... out) {
    return layer.isPointwise()
        ? pointwise(x.size() / layer.inChannels(), layer.inChannels(), layer.outChannels())
        : new Window(
            x.dim(0),
            x.dim(1),
            x.dim(2),
            x.dim(3),
            layer.outChannels(),
            layer.kernelHeight(),
            layer.kernelWidth(),
            layer.stride(),
            layer.padding(),
            out[1],
            out[2]);
  }

  /** Output pixels over all maps. */
  public int outPixels() {
    return n * oh * ow;
  }

  /** Whether input and output pixels correspond one to one and the window has one tap. */
  public boolean isPointwise() {
    return kh == 1 && kw == 1 && stride == 1 && pad == 0;
  }
}
