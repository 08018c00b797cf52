package org.spike2former.accel;

import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a plan while it is made, cut into stages where the network says that a part ends.
 */
final class StagedSteps {
  private static final String LAST = "prediction";

  private final List<Step> done = new ArrayList<>();
  private final List<Step> open = new ArrayList<>();

  void add(Step step) {
    open.add(step);
  }

  /** The steps since the last end of a stage are one. */
  void endStage(String stage) {
    open.forEach(step -> done.add(step.in(stage)));
    open.clear();
  }

  List<Step> list() {
    endStage(LAST);
    return List.copyOf(done);
  }
}
