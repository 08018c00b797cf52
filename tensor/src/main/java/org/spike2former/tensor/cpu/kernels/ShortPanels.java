package org.spike2former.tensor.cpu.kernels;

import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.spike2former.tensor.layer.Int8Layer;

/**
 * The weights of a layer of integers as 16-bit numbers, for kernels that add a list of events in 16
 * bits. The few layers that need them as real numbers too make those when they do.
 */
public final class ShortPanels {
  private final MemorySegment weights;
  private final int list;
  private final int all;
  private volatile MemorySegment reals;

  /**
   * Panels without real numbers.
   *
   * @param weights as {@code VectorShortPanels} lays them out
   * @param list greatest sum of the magnitudes of the weights that meet in such a list
   * @param all the same of all weights of an output element
   */
  public ShortPanels(MemorySegment weights, int list, int all) {
    this.weights = weights;
    this.list = list;
    this.all = all;
  }

  /** The weights as {@code VectorShortPanels} lays them out. */
  public MemorySegment weights() {
    return weights;
  }

  /** Whether sums with spikes up to this one fit, a list's in 16 bits and all in float32. */
  public boolean hold(int spike) {
    return (long) list * spike <= Short.MAX_VALUE && (long) all * spike <= Int8Layer.MAX_SUM;
  }

  /** The weights as real numbers, made by the first thread that asks for them. */
  MemorySegment reals(Supplier<MemorySegment> make) {
    if (reals == null) {
      synchronized (this) {
        if (reals == null) {
          reals = make.get();
        }
      }
    }
    return reals;
  }
}
