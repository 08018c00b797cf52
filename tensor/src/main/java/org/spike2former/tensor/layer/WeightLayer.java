package org.spike2former.tensor.layer;

import java.util.List;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;

/**
 * A convolution, 1×1 convolution or linear layer together with the BatchNorms right after it: the
 * second and third part of the network's unit "neuron → weights → BatchNorm". Implementations of
 * {@link Ops} may fold the norms and the scale of incoming spikes into the weights.
 *
 * @param name path of the weight layer, for messages
 * @param kind how input and output channels connect
 * @param weight dense: [out, in], [out, in, 1] or [out, in, kh, kw]; depthwise: [C, 1, kh, kw]
 * @param bias [out], or null
 * @param norms BatchNorms over the output, in the order in which they are applied; may be empty
 * @param stride step of the window along both axes
 * @param padding rows and columns of zeros on each side
 */
public record WeightLayer(
    String name,
    Kind kind,
    Parameter weight,
    Parameter bias,
    List<BatchNorm> norms,
    int stride,
    int padding) {
  /** How channels connect. */
  public enum Kind {
    /** Every output channel sees every input channel. */
    DENSE,
    /** Output channel c sees input channel c alone. */
    DEPTHWISE
  }

  /** Copies the list of norms. */
  public WeightLayer {
    norms = List.copyOf(norms);
  }

  /** Output channels. */
  public int outChannels() {
    return weight.shape()[0];
  }

  /** Input channels. */
  public int inChannels() {
    return kind == Kind.DEPTHWISE ? outChannels() : weight.shape()[1];
  }

  /** Height of the window. */
  public int kernelHeight() {
    return weight.shape().length == 4 ? weight.shape()[2] : 1;
  }

  /** Width of the window. */
  public int kernelWidth() {
    return weight.shape().length == 4 ? weight.shape()[3] : 1;
  }

  /** Whether it is a 1×1 window that visits every position: a linear layer over the last axis. */
  public boolean isPointwise() {
    return kind == Kind.DENSE
        && kernelHeight() == 1
        && kernelWidth() == 1
        && stride == 1
        && padding == 0;
  }

  /** Output extent along an axis of length {@code in} under a window of {@code kernel}. */
  public int outExtent(int in, int kernel) {
    return Math.floorDiv(in + 2 * padding - kernel, stride) + 1;
  }
}
