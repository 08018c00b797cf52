package org.spike2former.train.config;

import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
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
public record ScheduleConfig(
    @Range(min = 0) Integer warmup,
    @Range(min = 0, max = 1) Double warmupFactor,
    @Range(min = 0, aboveMin = true, max = 10) Double power,
    Integer end) {
  /** Fills in the defaults and checks the values. */
  public ScheduleConfig {
    warmup = warmup == null ? 0 : warmup;
    warmupFactor = warmupFactor == null ? 1e-6 : warmupFactor;
    power = power == null ? 1 : power;
    Ranges.check(ScheduleConfig.class, warmup, warmupFactor, power, end);
    if (end != null && end <= warmup) {
      throw BadValueException.of("end", "a step after the warm-up", end);
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
