package org.spike2former.train.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Optional;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.train.optimiser.Schedule;
import org.spike2former.train.optimiser.WarmUpPoly;
import org.spike2former.train.optimiser.WarmUpSteps;

/**
 * The {@code schedule} section: linear warm-up, then polynomial decay to 0, or a factor at each of
 * some steps.
 */
public record ScheduleConfig(
    @JsonPropertyDescription("steps of the warm-up") @Range(min = 0) Integer warmup,
    @JsonPropertyDescription("factor of the first step") @Range(min = 0, max = 1)
        Double warmupFactor,
    @JsonPropertyDescription("power of the decay") @Range(min = 0, aboveMin = true, max = 10)
        Double power,
    @JsonPropertyDescription("step at which the factor is 0; absent: the run's last") Integer end,
    @JsonPropertyDescription(
            "steps, ascending, at each of which the rate is multiplied by step_factor, in place of"
                + " the polynomial decay")
        @Range(min = 1)
        List<Integer> steps,
    @JsonPropertyDescription("what steps multiply by") @Range(min = 0, max = 1) Double stepFactor) {
  private static final double USUAL_STEP_FACTOR = 0.1;

  /** Fills in the defaults and checks the values. */
  public ScheduleConfig {
    steps = steps == null ? List.of() : List.copyOf(steps);
    if (!steps.isEmpty() && (power != null || end != null)) {
      throw new BadValueException(power != null ? "power" : "end", "does not go with steps");
    }
    if (steps.isEmpty() && stepFactor != null) {
      throw new BadValueException("step_factor", "needs steps, which is missing");
    }
    warmup = warmup == null ? 0 : warmup;
    warmupFactor = warmupFactor == null ? 1e-6 : warmupFactor;
    if (steps.isEmpty()) {
      power = power == null ? 1 : power;
    } else {
      stepFactor = stepFactor == null ? USUAL_STEP_FACTOR : stepFactor;
    }
    Ranges.check(ScheduleConfig.class, warmup, warmupFactor, power, end, steps, stepFactor);
    if (end != null && end <= warmup) {
      throw BadValueException.of("end", "a step after the warm-up", end);
    }
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i) <= steps.get(i - 1)) {
        throw BadValueException.of("steps[" + i + "]", "a later step than before", steps.get(i));
      }
    }
  }

  /** All defaults. */
  static ScheduleConfig defaults() {
    return new ScheduleConfig(null, null, null, null, null, null);
  }

  /** What is to be said of a warm-up that does not fit into a run of this many steps. */
  public Optional<String> remark(int iterations) {
    if (warmup < iterations) {
      return Optional.empty();
    }
    boolean cut = steps.isEmpty() && end == null;
    return Optional.of(
        "schedule.warmup is "
            + warmup
            + " steps, the run has "
            + iterations
            + (cut
                ? "; the warm-up is cut to " + (iterations - 1)
                : "; the learning rate never gets to its full height"));
  }

  /** The schedule of a run of this many steps. */
  public Schedule schedule(int iterations) {
    if (!steps.isEmpty()) {
      return new WarmUpSteps(warmupFactor, warmup, steps, stepFactor);
    }
    int last = end == null ? iterations : end;
    return new WarmUpPoly(warmupFactor, Math.min(warmup, last - 1), last, power, 0);
  }
}
