package org.spike2former.train.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.spike2former.train.Evaluation;
import org.spike2former.train.StepReport;
import org.spike2former.train.TrainListener;
import org.spike2former.train.config.TrainConfig;

/** All that hear how a run goes: who listens to it, and what writes files about it. */
public final class RunObservers implements TrainListener {
  private final List<TrainListener> all = new ArrayList<>();

  private RunObservers() {}

  /** A run's listener, and all that its configuration wants to be written. */
  public static TrainListener of(TrainConfig config, TrainListener listener) {
    RunObservers observers = new RunObservers();
    observers.all.add(listener);
    observers.all.add(new Resumptions(config.output(), listener::notice));
    observers.all.add(new EvaluationFiles(config, listener::notice));
    if (config.tensorboard()) {
      observers.all.add(new EventLog(config, listener::notice));
    }
    return observers;
  }

  private void each(Consumer<TrainListener> event) {
    all.forEach(event);
  }

  @Override
  public void planned(RunPlan plan) {
    each(listener -> listener.planned(plan));
  }

  @Override
  public void started(long step, long iterations, int imagesPerStep) {
    each(listener -> listener.started(step, iterations, imagesPerStep));
  }

  @Override
  public void step(StepReport report) {
    each(listener -> listener.step(report));
  }

  @Override
  public void evaluating(long step, int images) {
    each(listener -> listener.evaluating(step, images));
  }

  @Override
  public void evaluated(long step, Evaluation result, boolean best) {
    each(listener -> listener.evaluated(step, result, best));
  }

  /** For the listener alone. */
  @Override
  public void notice(String line) {
    all.getFirst().notice(line);
  }
}
