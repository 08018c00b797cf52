package org.spike2former.train.config;

import org.spike2former.train.optimiser.Schedule;
import org.spike2former.train.optimiser.WarmUpPoly;

/**
 * The {@code schedule} section: linear warm-up, then polynomial decay to 0.
 *
 * @param warmup steps of the warm-up; default 0
 * @param warmupFactor factor of the first step; default 1e-6
 * @param power of the decay; default 1
 * @param end step at which the factor is 0; default the run's iterations
 */
public record ScheduleConfig(Integer warmup, Double warmupFactor, Double power, Integer end) {
  /** Fills in the defaults and checks the values. */
  public ScheduleConfig {
    warmup = warmup == null ? 0 : warmup;
    warmupFactor = warmupFactor == null ? 1e-6 : warmupFactor;
    power = power == null ? 1 : power;
    check(warmup >= 0, "warmup", "an integer of at least 0", warmup);
    check(warmupFactor >= 0 && warmupFactor <= 1, "warmup_factor", "0 to 1", warmupFactor);
    check(power > 0 && power <= 10, "power", "a number above 0, at most 10", power);
    check(end == null || end > warmup, "end", "a step after the warm-up", end);
  }

  private static void check(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "schedule." + key + ": expected " + expected + ", found " + found);
    }
  }

  /** All defaults. */
  static ScheduleConfig defaults() {
    return new ScheduleConfig(null, null, null, null);
  }

  /** The schedule of a run of this many steps. */
  public Schedule schedule(int iterations) {
    int last = end == null ? iterations : end;
    return new WarmUpPoly(warmupFactor, Math.min(warmup, last - 1), last, power, 0);
  }
}
