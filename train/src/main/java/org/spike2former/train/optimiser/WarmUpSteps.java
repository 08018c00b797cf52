package org.spike2former.train.optimiser;

import java.util.List;

/**
 * A linear warm-up as that of {@link WarmUpPoly}, then the full rate, multiplied at some steps, as
 * mmengine's {@code LinearLR} and {@code MultiStepLR} compute them.
 *
 * @param start factor of step 0, if there is a warm-up
 * @param warmUp its steps, may be 0
 * @param steps ascending; at each the factor is multiplied
 * @param factor to multiply by
 */
public record WarmUpSteps(double start, long warmUp, List<Integer> steps, double factor)
    implements Schedule {
  /** Keeps a copy. */
  public WarmUpSteps {
    steps = List.copyOf(steps);
  }

  @Override
  public double factorAt(long step) {
    double rate = 1;
    if (step < warmUp && warmUp > 1) {
      rate = start + (1 - start) * step / (warmUp - 1);
    }
    for (int at : steps) {
      rate *= step >= at ? factor : 1;
    }
    return rate;
  }
}
