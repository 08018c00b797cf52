package org.spike2former.accel.tornado.kernels;

import java.util.EnumMap;
import java.util.Map;
import org.spike2former.accel.Operation;
import org.spike2former.accel.Step;

/** The kernel of every operation. */
public final class KernelTable {
  private static final Map<Operation, KernelFamily> FAMILIES = new EnumMap<>(Operation.class);

  static {
    FAMILIES.put(Operation.DENSE, DenseKernels::launch);
    FAMILIES.put(Operation.SPIKES, NeuronKernels::spikes);
  }

  private KernelTable() {}

  /** Whether there is a kernel. */
  public static boolean has(Operation operation) {
    return FAMILIES.containsKey(operation);
  }

  /**
   * The launch of a step.
   *
   * @param id its name, unique in its task graph
   * @throws IllegalArgumentException if its operation has no kernel
   */
  public static Launch launch(String id, Step step, Arrays arrays) {
    KernelFamily family = FAMILIES.get(step.operation());
    if (family == null) {
      throw new IllegalArgumentException("no kernel for " + step);
    }
    return family.launch(id, step, arrays);
  }
}
