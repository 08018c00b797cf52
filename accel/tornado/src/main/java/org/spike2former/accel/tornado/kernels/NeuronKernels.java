package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.Step;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Neurons. */
final class NeuronKernels {
  /** Floats of this size are integers. */
  private static final float ROUND = 0x1p23f;

  private NeuronKernels() {}

  static Launch spikes(String id, Step step, Arrays arrays) {
    return new Launch(
        new TaskPackage(
            id,
            NeuronKernels::spikes,
            arrays.floats(step.input(0)),
            arrays.bytes(step.output()),
            step.size(0),
            step.size(1)));
  }

  static Launch fire(String id, Step step, Arrays arrays) {
    return new Launch(
        new TaskPackage(
            id,
            NeuronKernels::fire,
            arrays.floats(step.input(0)),
            arrays.bytes(step.output()),
            step.size(0),
            step.factors()[0]));
  }

  /** See {@code Operation.SPIKES}. */
  static void spikes(FloatArray x, ByteArray out, int length, int maxSpikes) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(i, (byte) spike(x.get(i), maxSpikes));
    }
  }

  /** {@code rint(clamp(potential, 0, maxSpikes))}, half to even. */
  static int spike(float potential, int maxSpikes) {
    float clamped = Math.max(0f, Math.min((float) maxSpikes, potential));
    // No branch: the sum has no place for a fraction and is rounded half to even.
    return (int) ((clamped + ROUND) - ROUND);
  }

  /** See {@code Operation.FIRE}. */
  static void fire(FloatArray x, ByteArray out, int length, float threshold) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(i, (byte) (x.get(i) >= threshold ? 1 : 0));
    }
  }
}
