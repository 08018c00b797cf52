package org.spike2former.train;

/** Hears how a run goes, on the thread that trains. */
public interface TrainListener {
  /**
   * The loop starts.
   *
   * @param step finished steps
   * @param iterations steps in all
   * @param imagesPerStep images of one step
   */
  void started(long step, long iterations, int imagesPerStep);

  /** A step is done. */
  void step(StepReport report);

  /** An evaluation of {@code images} images starts. */
  void evaluating(long step, int images);

  /**
   * An evaluation is done.
   *
   * @param best whether no evaluation before was better
   */
  void evaluated(long step, Evaluation result, boolean best);

  /** Something worth a line. */
  void notice(String line);
}
