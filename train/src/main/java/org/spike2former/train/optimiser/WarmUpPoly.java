package org.spike2former.train.optimiser;

/**
 * A linear warm-up, then a polynomial descent to a floor, as mmengine's {@code LinearLR} and {@code
 * PolyLR} compute them: with n warm-up steps and an end at step m the factor is {@code start + (1 −
 * start)·i/(n − 1)} for i &lt; n, then {@code floor + (1 − floor)·(1 − (i − n)/(m − n − 1))^power},
 * so step n − 1 and step n both run at the full rate, and steps from m − 1 on at the floor.
 *
 * @param start factor of step 0, if there is a warm-up
 * @param warmUp n, may be 0
 * @param end m, one after the last step
 * @param power of the descent; 1 is linear
 * @param floor factor at the end
 */
public record WarmUpPoly(double start, long warmUp, long end, double power, double floor)
    implements Schedule {
  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the value
   */
  public WarmUpPoly {
    if (warmUp < 0 || end <= warmUp) {
      throw new IllegalArgumentException(
          "schedule: expected 0 <= warm-up < end, found " + warmUp + " and " + end);
    }
    if (!(start >= 0 && start <= 1) || !(floor >= 0 && floor <= 1)) {
      throw new IllegalArgumentException(
          "schedule: expected factors between 0 and 1, found " + start + " and " + floor);
    }
    if (!(power > 0 && power < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("schedule: power must be above 0, found " + power);
    }
  }

  /** The release's: from 1e-6 to 1, then linearly to 0. */
  public static WarmUpPoly linear(long warmUp, long end) {
    return new WarmUpPoly(1e-6, warmUp, end, 1, 0);
  }

  @Override
  public double factorAt(long step) {
    if (step < warmUp) {
      return warmUp == 1 ? 1 : start + (1 - start) * step / (warmUp - 1);
    }
    if (step >= end - 1) {
      return end - 1 == warmUp && step == warmUp ? 1 : floor;
    }
    double left = 1 - (double) (step - warmUp) / (end - warmUp - 1);
    return floor + (1 - floor) * (power == 1 ? left : StrictMath.pow(left, power));
  }
}
