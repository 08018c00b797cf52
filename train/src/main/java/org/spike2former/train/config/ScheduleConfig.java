package org.spike2former.train.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.train.optimiser.Schedule;
import org.spike2former.train.optimiser.WarmUpPoly;

/** The {@code schedule} section: linear warm-up, then polynomial decay to 0. */
public record ScheduleConfig(
    @JsonPropertyDescription("steps of the warm-up") @Range(min = 0) Integer warmup,
    @JsonPropertyDescription("factor of the first step") @Range(min = 0, max = 1)
        Double warmupFactor,
    @JsonPropertyDescription("power of the decay") @Range(min = 0, aboveMin = true, max = 10)
        Double power,
    @JsonPropertyDescription("step at which the factor is 0; absent: the run's last") Integer end) {
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
