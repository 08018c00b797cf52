package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.Buffer;
import org.spike2former.accel.Step;

/**
 * Launches of dense convolutions and linear layers, by what they read: of {@link DenseSpikeKernels}
 * the build derives {@code DenseRealKernels}, which reads real numbers.
 */
final class DenseKernels {
  private DenseKernels() {}

  static Launch launch(String id, Step step, Arrays arrays) {
    boolean spikes = step.input(0).type() == Buffer.Type.BYTES;
    return new Launch(
        spikes
            ? DenseSpikeKernels.launch(id, step, arrays)
            : DenseRealKernels.launch(id, step, arrays));
  }
}
