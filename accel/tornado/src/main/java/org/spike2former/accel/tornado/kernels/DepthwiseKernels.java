package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Convolution;

/**
 * Launches of depthwise convolutions, by what they read: of {@link DepthwiseSpikeKernels} the build
 * derives {@code DepthwiseRealKernels}, which reads real numbers.
 */
final class DepthwiseKernels {
  private DepthwiseKernels() {}

  static Launch launch(String id, Convolution layer, Arrays arrays) {
    boolean spikes = layer.x().type() == Buffer.Type.BYTES;
    return new Launch(
        spikes
            ? DepthwiseSpikeKernels.launch(id, layer, arrays)
            : DepthwiseRealKernels.launch(id, layer, arrays));
  }
}
