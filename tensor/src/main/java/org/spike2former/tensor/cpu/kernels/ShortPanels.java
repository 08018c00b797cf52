package org.spike2former.tensor.cpu.kernels;

import java.lang.foreign.MemorySegment;
import org.spike2former.tensor.layer.Int8Layer;

/**
 * The weights of a layer of integers as 16-bit numbers, for kernels that add a list of events in 16
 * bits.
 *
 * @param weights as {@code VectorShortPanels} lays them out
 * @param list greatest sum of the magnitudes of the weights that meet in such a list
 * @param all the same of all weights of an output element
 */
public record ShortPanels(MemorySegment weights, int list, int all) {
  /** Whether sums with spikes up to this one fit, a list's in 16 bits and all in float32. */
  public boolean hold(int spike) {
    return (long) list * spike <= Short.MAX_VALUE && (long) all * spike <= Int8Layer.MAX_SUM;
  }
}
