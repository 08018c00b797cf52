package org.spike2former.train.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  /** Learning rates that mmengine gave for a base of 1e-3, warm-up 5, end 20. */
  @Test
  void warmUpIsMmengines() {
    Schedule schedule = WarmUpPoly.linear(5, 20);
    double[] rates = {1e-09, 0.00025000075, 0.0005000005, 0.0007500002499999999, 1e-3};
    for (int i = 0; i < rates.length; i++) {
      assertThat(1e-3 * schedule.factorAt(i)).isCloseTo(rates[i], within(1e-18));
    }
  }

  @Test
  void thePeakIsUsedTwiceAndTheDescentEndsAtTheFloor() {
    Schedule schedule = WarmUpPoly.linear(5, 20);
    assertThat(schedule.factorAt(4)).isEqualTo(1);
    assertThat(schedule.factorAt(5)).isEqualTo(1);
    assertThat(schedule.factorAt(6)).isEqualTo(1 - 1 / 14.0);
    assertThat(schedule.factorAt(12)).isEqualTo(0.5);
    assertThat(schedule.factorAt(19)).isZero();
    assertThat(schedule.factorAt(1000)).isZero();
  }

  @Test
  void powersAndFloors() {
    Schedule schedule = new WarmUpPoly(0, 0, 11, 2, 0.1);
    assertThat(schedule.factorAt(0)).isEqualTo(1);
    assertThat(schedule.factorAt(5)).isCloseTo(0.1 + 0.9 * 0.25, within(1e-15));
    assertThat(schedule.factorAt(10)).isEqualTo(0.1);
  }

  @Test
  void shortestRuns() {
    assertThat(WarmUpPoly.linear(0, 1).factorAt(0)).isEqualTo(1);
    assertThat(WarmUpPoly.linear(1, 2).factorAt(0)).isEqualTo(1);
    assertThat(WarmUpPoly.linear(1, 2).factorAt(1)).isEqualTo(1);
    assertThatThrownBy(() -> WarmUpPoly.linear(5, 5))
        .hasMessage("schedule: expected 0 <= warm-up < end, found 5 and 5");
  }

  @Test
  void stepsMultiply() {
    Schedule schedule = new WarmUpSteps(0, 5, List.of(10, 20), 0.1);
    assertThat(schedule.factorAt(0)).isZero();
    assertThat(schedule.factorAt(2)).isEqualTo(0.5);
    assertThat(schedule.factorAt(4)).isEqualTo(1);
    assertThat(schedule.factorAt(9)).isEqualTo(1);
    assertThat(schedule.factorAt(10)).isEqualTo(0.1);
    assertThat(schedule.factorAt(25)).isCloseTo(0.01, within(1e-15));
    assertThat(new WarmUpSteps(0, 0, List.of(10), 0.1).factorAt(0)).isEqualTo(1);
  }
}
