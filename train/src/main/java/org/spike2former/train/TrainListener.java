package org.spike2former.train;

import org.spike2former.train.report.RunPlan;

/** Hears how a run goes, on the thread that trains. */
public interface TrainListener {
  /** A run begins or goes on, and this is what it will do. */
  default void planned(RunPlan plan) {}

  /**
   * The loop starts.
   *
   * @param step finished steps
   * @param iterations steps in all
   * @param imagesPerStep images of one step
   */
  default void started(long step, long iterations, int imagesPerStep) {}

  /** A step is done. */
  default void step(StepReport report) {}

  /** An evaluation of {@code images} images starts. */
  default void evaluating(long step, int images) {}

  /**
   * An evaluation is done.
   *
   * @param best whether no evaluation before was better
   */
  default void evaluated(long step, Evaluation result, boolean best) {}

  /** Something worth a line. */
  default void notice(String line) {}
}
