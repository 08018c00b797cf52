package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.Buffer;
import org.spike2former.accel.Step;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Launches of layers with 8-bit weights, by what they write. */
final class Int8Kernels {
  private Int8Kernels() {}

  static Launch dense(String id, Step step, Arrays arrays) {
    ByteArray x = arrays.bytes(step.input(0));
    ByteArray weights = arrays.bytes(step.input(1));
    int pixels = step.size(0) * step.size(9) * step.size(10);
    int tile = Tiles.of(step.size(4));
    if (step.output().type() == Buffer.Type.BYTES) {
      return new Launch(
          new TaskPackage(
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
              tile));
    }
    FloatArray scale = arrays.floats(step.input(2));
    FloatArray bias = arrays.floats(step.input(3));
    FloatArray out = arrays.floats(step.output());
    if (step.inputs().size() == 5) {
      return new Launch(
          new TaskPackage(
              id,
              Int8DenseKernels::residual,
              x,
              weights,
              scale,
              bias,
              arrays.floats(step.input(4)),
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
              tile));
    }
    return new Launch(
        new TaskPackage(
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
            tile));
  }

  static Launch depthwise(String id, Step step, Arrays arrays) {
    ByteArray x = arrays.bytes(step.input(0));
    ByteArray weights = arrays.bytes(step.input(1));
    int pixels = step.size(0) * step.size(9) * step.size(10);
    int tile = Tiles.ofMany(step.size(4));
    if (step.output().type() == Buffer.Type.BYTES) {
      return new Launch(
          new TaskPackage(
              id,
              Int8DepthwiseKernels::spikes,
              x,
              weights,
              arrays.ints(step.input(2)),
              arrays.bytes(step.output()),
              pixels,
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
              tile));
    }
    FloatArray scale = arrays.floats(step.input(2));
    FloatArray bias = arrays.floats(step.input(3));
    FloatArray out = arrays.floats(step.output());
    if (step.inputs().size() == 5) {
      return new Launch(
          new TaskPackage(
              id,
              Int8DepthwiseKernels::residual,
              x,
              weights,
              scale,
              bias,
              arrays.floats(step.input(4)),
              out,
              pixels,
              step.size(1),
              step.size(2),
              step.size(4),
              step.size(5),
              step.size(6),
              step.size(7),
              step.size(8),
              step.size(9),
              step.size(10),
              tile));
    }
    return new Launch(
        new TaskPackage(
            id,
            Int8DepthwiseKernels::floats,
            x,
            weights,
            scale,
            bias,
            out,
            pixels,
            step.size(1),
            step.size(2),
            step.size(4),
            step.size(5),
            step.size(6),
            step.size(7),
            step.size(8),
            step.size(9),
            step.size(10),
            tile));
  }
}
