package org.spike2former.tensor.cpu;

import org.spike2former.tensor.cpu.kernels.KernelsF32;

/**
 * The kernels to use: some at first, and others once so much work has been done that the time to
 * compile those pays. Vector kernels are many times slower than scalar ones until they are
 * compiled, and compiling them takes longer than a small network on one photo. All give the same
 * bits.
 */
final class StagedKernelsF32 {
  private final KernelsF32 first;
  private final KernelsF32 later;
  private long firstWork;

  /** One after the other, or the same from the start. */
  StagedKernelsF32(KernelsF32 first, KernelsF32 later) {
    this.first = first;
    this.later = later;
    this.firstWork = Backends.FIRST_WORK;
  }

  /** The kernels of the operation that begins, or that runs. */
  KernelsF32 now() {
    return firstWork > 0 ? first : later;
  }

  /** Whether they stay the same from now on. */
  boolean areLast() {
    return now() == later;
  }

  /** An operation of so many multiply-adds begins. */
  void begin(long multiplyAdds) {
    firstWork -= multiplyAdds;
  }

  /** For logs. */
  String name() {
    return first == later ? later.name() : later.name() + " after " + first.name();
  }
}
