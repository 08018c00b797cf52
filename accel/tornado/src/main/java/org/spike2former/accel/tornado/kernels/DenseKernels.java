package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Convolution;
import org.spike2former.accel.operation.Finish;

/**
 * Launches of dense convolutions and linear layers, by what they read: of {@link DenseSpikeKernels}
 * and {@link TiledSpikeKernels} the build derives {@code DenseRealKernels} and {@code
 * TiledRealKernels}, which read real numbers.
 */
final class DenseKernels {
  private DenseKernels() {}

  static Launch launch(String id, Convolution layer, Arrays arrays) {
    return launch(id, layer, layer.finish(), arrays);
  }

  static Launch launch(String id, Convolution layer, Finish finish, Arrays arrays) {
    boolean spikes = layer.x().type() == Buffer.Type.BYTES;
    if (arrays.lanes().inLocalMemory(layer)) {
      return spikes
          ? TiledSpikeKernels.launch(id, layer, finish, arrays)
          : TiledRealKernels.launch(id, layer, finish, arrays);
    }
    return spikes
        ? DenseSpikeKernels.launch(id, layer, finish, arrays)
        : DenseRealKernels.launch(id, layer, finish, arrays);
  }
}
