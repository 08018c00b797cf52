package org.spike2former.accel.tornado;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.accel.Plan;
import org.spike2former.accel.Step;

/**
 * Steps that run as one task graph on the device, or one step of the host.
 *
 * @param steps at least one
 */
record PlanSegment(List<Step> steps) {
  /** TornadoVM writes a task graph's launches to 8 KiB, of which each takes about 100 bytes. */
  private static final int MOST = 60;

  /** Whether it is a step of the host. */
  boolean isHost() {
    return steps.get(0).isHost();
  }

  /** A plan's steps, cut where a stage ends and around steps of the host. */
  static List<PlanSegment> of(Plan plan) {
    List<PlanSegment> segments = new ArrayList<>();
    List<Step> open = new ArrayList<>();
    for (Step step : plan.steps()) {
      if (open.size() == MOST || !open.isEmpty() && !continues(open.getLast(), step)) {
        segments.add(new PlanSegment(List.copyOf(open)));
        open.clear();
      }
      open.add(step);
    }
    if (!open.isEmpty()) {
      segments.add(new PlanSegment(List.copyOf(open)));
    }
    return segments;
  }

  private static boolean continues(Step before, Step step) {
    return !before.isHost() && !step.isHost() && before.stage().equals(step.stage());
  }
}
