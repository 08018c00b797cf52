package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Neuron;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Neurons. */
final class NeuronKernels {
  /** Floats of this size are integers. */
  private static final float ROUND = 0x1p23f;

  private NeuronKernels() {}

  static Launch launch(String id, Neuron neuron, Arrays arrays) {
    FloatArray x = arrays.floats(neuron.x());
    ByteArray out = arrays.bytes(neuron.output());
    int length = neuron.x().length();
    return new Launch(
        switch (neuron) {
          case Neuron.Spikes spikes ->
              new TaskPackage(id, NeuronKernels::spikes, x, out, length, spikes.maxSpikes());
          case Neuron.Fire fire ->
              new TaskPackage(id, NeuronKernels::fire, x, out, length, fire.threshold());
        });
  }

  /** See {@link Neuron.Spikes}. */
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

  /** See {@link Neuron.Fire}. */
  static void fire(FloatArray x, ByteArray out, int length, float threshold) {
    for (@Parallel int i = 0; i < length; i++) {
      out.set(i, (byte) (x.get(i) >= threshold ? 1 : 0));
    }
  }
}
