package org.spike2former.accel.tornado;

import java.util.Set;
import org.spike2former.accel.Device;
import org.spike2former.accel.OffloadException;

/**
 * Whether a task graph's launches are recorded in its first run and replayed as one launch in all
 * others ({@code TornadoExecutionPlan.withCUDAGraph}). It has to be asked for, because it was never
 * tried: TornadoVM has it for NVIDIA's interfaces alone.
 */
final class Replay {
  /** System property: {@code true} asks for it. */
  static final String PROPERTY = "s2f.accel.replay";

  /** TornadoVM does not check it, and fails in the first run. */
  private static final Set<String> HAVE_IT = Set.of("PTX", "CUDA");

  private Replay() {}

  /** Whether it was asked for. */
  static boolean isWanted() {
    return Boolean.getBoolean(PROPERTY);
  }

  /**
   * Refuses a device that does not have what was asked for.
   *
   * @throws OffloadException saying so
   */
  static void check(Device device) {
    if (isWanted() && !HAVE_IT.contains(device.api())) {
      throw new OffloadException(PROPERTY + ": only PTX and CUDA replay launches, not " + device);
    }
  }
}
