package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.Buffer;
import org.spike2former.accel.Int8Work;
import org.spike2former.accel.Step;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Launches of layers with 8-bit weights, by what they read and write. Work-groups are of 64
 * neighbouring items that share their weights, as FPGAs want them.
 */
final class Int8Kernels {
  /** Work-items of a group. */
  static final int GROUP = 64;

  private Int8Kernels() {}

  static Launch dense(String id, Step step, Arrays arrays) {
    int pixels = step.size(0) * step.size(9) * step.size(10);
    int tile = Tiles.of(step.size(4));
    TaskPackage task =
        new Int8Work(step).isLinear()
            ? linear(id, step, arrays, pixels, tile)
            : convolution(id, step, arrays, pixels, tile);
    return new Launch(task, grid((pixels + 3) / 4, step.size(4) / tile));
  }

  static Launch depthwise(String id, Step step, Arrays arrays) {
    int pixels = step.size(0) * step.size(9) * step.size(10);
    int tile = Tiles.ofMany(step.size(4));
    TaskPackage task = depthwise(id, step, arrays, tile);
    return new Launch(task, grid(pixels, step.size(4) / tile));
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

  private static TaskPackage linear(String id, Step step, Arrays arrays, int pixels, int tile) {
    ByteArray x = arrays.bytes(step.input(0));
    ByteArray weights = arrays.bytes(step.input(1));
    if (step.output().type() == Buffer.Type.BYTES) {
      return new TaskPackage(
          id,
          Int8LinearKernels::spikes,
          x,
          weights,
          arrays.ints(step.input(2)),
          arrays.bytes(step.output()),
          pixels,
          step.size(3),
          step.size(4),
          step.size(11),
          tile);
    }
    FloatArray scale = arrays.floats(step.input(2));
    FloatArray bias = arrays.floats(step.input(3));
    FloatArray out = arrays.floats(step.output());
    if (step.inputs().size() == 5) {
      FloatArray residual = arrays.floats(step.input(4));
      return new TaskPackage(
          id,
          Int8LinearKernels::residual,
          x,
          weights,
          scale,
          bias,
          residual,
          out,
          pixels,
          step.size(3),
          step.size(4),
          tile);
    }
    return new TaskPackage(
        id,
        Int8LinearKernels::floats,
        x,
        weights,
        scale,
        bias,
        out,
        pixels,
        step.size(3),
        step.size(4),
        tile);
  }

  private static TaskPackage convolution(
      String id, Step step, Arrays arrays, int pixels, int tile) {
    ByteArray x = arrays.bytes(step.input(0));
    ByteArray weights = arrays.bytes(step.input(1));
    if (step.output().type() == Buffer.Type.BYTES) {
      return new TaskPackage(
          id,
          Int8DenseKernels::spikes,
          x,
          weights,
          arrays.ints(step.input(2)),
          arrays.bytes(step.output()),
          pixels,
          step.size(1),
          step.size(2),
          step.size(3),
          step.size(4),
          step.size(5),
          step.size(6),
          step.size(7),
          step.size(8),
          step.size(9),
          step.size(10),
          step.size(11),
          tile);
    }
    FloatArray scale = arrays.floats(step.input(2));
    FloatArray bias = arrays.floats(step.input(3));
    FloatArray out = arrays.floats(step.output());
    if (step.inputs().size() == 5) {
      FloatArray residual = arrays.floats(step.input(4));
      return new TaskPackage(
          id,
          Int8DenseKernels::residual,
          x,
          weights,
          scale,
          bias,
          residual,
          out,
          pixels,
          step.size(1),
          step.size(2),
          step.size(3),
          step.size(4),
          step.size(5),
          step.size(6),
          step.size(7),
          step.size(8),
          step.size(9),
          step.size(10),
          tile);
    }
    return new TaskPackage(
        id,
        Int8DenseKernels::floats,
        x,
        weights,
        scale,
        bias,
        out,
        pixels,
        step.size(1),
        step.size(2),
        step.size(3),
        step.size(4),
        step.size(5),
        step.size(6),
        step.size(7),
        step.size(8),
        step.size(9),
        step.size(10),
        tile);
  }

  private static TaskPackage depthwise(String id, Step step, Arrays arrays, int tile) {
    ByteArray x = arrays.bytes(step.input(0));
    ByteArray weights = arrays.bytes(step.input(1));
    if (step.output().type() == Buffer.Type.BYTES) {
      return new TaskPackage(
          id,
          Int8DepthwiseKernels::spikes,
          x,
          weights,
          arrays.ints(step.input(2)),
          arrays.bytes(step.output()),
          step.size(0),
          step.size(1),
          step.size(2),
          step.size(4),
          step.size(5),
          step.size(6),
          step.size(7),
          step.size(8),
          step.size(9),
          step.size(10),
          step.size(11),
          tile);
    }
    FloatArray scale = arrays.floats(step.input(2));
    FloatArray bias = arrays.floats(step.input(3));
    FloatArray out = arrays.floats(step.output());
    if (step.inputs().size() == 5) {
      FloatArray residual = arrays.floats(step.input(4));
      return new TaskPackage(
          id,
          Int8DepthwiseKernels::residual,
          x,
          weights,
          scale,
          bias,
          residual,
          out,
          step.size(0),
          step.size(1),
          step.size(2),
          step.size(4),
          step.size(5),
          step.size(6),
          step.size(7),
          step.size(8),
          step.size(9),
          step.size(10),
          tile);
    }
    return new TaskPackage(
        id,
        Int8DepthwiseKernels::floats,
        x,
        weights,
        scale,
        bias,
        out,
        step.size(0),
        step.size(1),
        step.size(2),
        step.size(4),
        step.size(5),
        step.size(6),
        step.size(7),
        step.size(8),
        step.size(9),
        step.size(10),
        tile);
  }
}
