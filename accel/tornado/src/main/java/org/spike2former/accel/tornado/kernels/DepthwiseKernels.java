package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.Buffer;
import org.spike2former.accel.Step;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Launches of depthwise convolutions, by what they read and write. */
final class DepthwiseKernels {
  private DepthwiseKernels() {}

  static Launch launch(String id, Step step, Arrays arrays) {
    boolean spikes = step.input(0).type() == Buffer.Type.BYTES;
    return new Launch(spikes ? ofSpikes(id, step, arrays) : ofReal(id, step, arrays));
  }

  private static TaskPackage ofSpikes(String id, Step step, Arrays arrays) {
    FloatArray weights = arrays.floats(step.input(1));
    FloatArray bias = arrays.floats(step.input(2));
    int pixels = step.size(0) * step.size(9) * step.size(10);
    int tile = Tiles.ofMany(step.size(4));

    if (step.output().type() == Buffer.Type.BYTES) {
      return new TaskPackage(
          id,
          DepthwiseSpikeKernels::spikes,
          arrays.bytes(step.input(0)),
          weights,
          bias,
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
          tile);
    }
    FloatArray out = arrays.floats(step.output());
    if (step.inputs().size() == 4) {
      return new TaskPackage(
          id,
          DepthwiseSpikeKernels::residual,
          arrays.bytes(step.input(0)),
          weights,
          bias,
          arrays.floats(step.input(3)),
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
          tile);
    }
    return new TaskPackage(
        id,
        DepthwiseSpikeKernels::floats,
        arrays.bytes(step.input(0)),
        weights,
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
        tile);
  }

  private static TaskPackage ofReal(String id, Step step, Arrays arrays) {
    FloatArray weights = arrays.floats(step.input(1));
    FloatArray bias = arrays.floats(step.input(2));
    int pixels = step.size(0) * step.size(9) * step.size(10);
    int tile = Tiles.ofMany(step.size(4));

    if (step.output().type() == Buffer.Type.BYTES) {
      return new TaskPackage(
          id,
          DepthwiseRealKernels::spikes,
          arrays.floats(step.input(0)),
          weights,
          bias,
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
          tile);
    }
    FloatArray out = arrays.floats(step.output());
    if (step.inputs().size() == 4) {
      return new TaskPackage(
          id,
          DepthwiseRealKernels::residual,
          arrays.floats(step.input(0)),
          weights,
          bias,
          arrays.floats(step.input(3)),
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
          tile);
    }
    return new TaskPackage(
        id,
        DepthwiseRealKernels::floats,
        arrays.floats(step.input(0)),
        weights,
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
        tile);
  }
}
