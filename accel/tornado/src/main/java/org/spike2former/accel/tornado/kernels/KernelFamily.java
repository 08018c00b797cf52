package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.Step;

/** Makes a step of some operation a launch. */
@FunctionalInterface
interface KernelFamily {
  /** The launch, under a name that is its task graph's alone. */
  Launch launch(String id, Step step, Arrays arrays);
}
