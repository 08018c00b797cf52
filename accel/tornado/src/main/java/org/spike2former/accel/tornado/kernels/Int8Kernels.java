package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Finish;
import org.spike2former.accel.operation.Int8Convolution;
import org.spike2former.accel.operation.Lanes;
import org.spike2former.tensor.layer.Window;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;

/**
 * Launches of layers with 8-bit weights, by their kind. Work-groups are of 64 neighbouring items
 * that share their weights, as FPGAs require.
 */
final class Int8Kernels {
  /** Work-items of a group. */
  static final int GROUP = 64;

  private Int8Kernels() {}

  static Launch launch(String id, Int8Convolution layer, Arrays arrays) {
    Window g = layer.window();
    int pixels = g.outPixels();
    if (layer.isPacked()) {
      return switch (layer.result()) {
        case Int8Convolution.Spikes spikes -> Int8PackedKernels.launch(id, layer, spikes, arrays);
        case Int8Convolution.Potentials sums ->
            Int8PackedKernels.launch(id, layer, sums, layer.finish(), arrays);
      };
    }
    if (layer.depthwise()) {
      WorkerGrid grid = grid(pixels, g.cout() / Lanes.VECTORS.channelsOfOnePixel(g.cout()));
      return new Launch(Int8DepthwiseKernels.launch(id, layer, arrays), grid);
    }
    WorkerGrid grid = grid((pixels + 3) / 4, g.cout() / Lanes.VECTORS.channels(g.cout()));
    return new Launch(
        layer.isLinear()
            ? Int8LinearKernels.launch(id, layer, arrays)
            : Int8DenseKernels.launch(id, layer, arrays),
        grid);
  }

  static Launch launch(
      String id,
      Int8Convolution layer,
      Int8Convolution.Potentials sums,
      Finish finish,
      Arrays arrays) {
    if (layer.isPacked()) {
      return Int8PackedKernels.launch(id, layer, sums, finish, arrays);
    }
    Window g = layer.window();
    return new Launch(
        layer.isLinear()
            ? Int8LinearKernels.launch(id, layer, sums, finish, arrays)
            : Int8DenseKernels.launch(id, layer, sums, finish, arrays),
        grid((g.outPixels() + 3) / 4, g.cout() / Lanes.VECTORS.channels(g.cout())));
  }

  /**
   * Whole work-groups; what is more than the items finds nothing to do. TornadoVM takes the grid
   * for the bound of a loop whose bound is a bare parameter, so kernels have expressions there.
   */
  private static WorkerGrid grid(int items, int channelGroups) {
    WorkerGrid2D grid = new WorkerGrid2D((items + GROUP - 1) / GROUP * GROUP, channelGroups);
    grid.setLocalWork(GROUP, 1, 1);
    return grid;
  }
}
