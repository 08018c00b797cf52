package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.Buffer;
import org.spike2former.accel.Step;

/**
 * Launches of depthwise convolutions, by what they read: of {@link DepthwiseSpikeKernels} the build
 * derives {@code DepthwiseRealKernels}, which reads real numbers.
 */
final class DepthwiseKernels {
  private DepthwiseKernels() {}

  static Launch launch(String id, Step step, Arrays arrays) {
    boolean spikes = step.input(0).type() == Buffer.Type.BYTES;
    return new Launch(
        spikes
            ? DepthwiseSpikeKernels.launch(id, step, arrays)
            : DepthwiseRealKernels.launch(id, step, arrays));
  }
}
