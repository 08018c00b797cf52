package org.spike2former.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Task;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.io.AtomicFile;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.train.config.LoopConfig;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.report.RunObservers;
import org.spike2former.train.report.RunPlan;
import org.spike2former.train.run.Checkpoints;
import org.spike2former.train.run.LabelSurvey;
import org.spike2former.train.run.ModelExport;
import org.spike2former.train.run.RunFolder;
import org.spike2former.train.run.RunInputs;
import org.spike2former.train.run.RunLock;
import org.spike2former.train.run.TrainLog;

/**
 * A training run. It may be stopped or killed at any moment: with {@code resume} it goes on after
 * its last checkpoint and ends with the weights, bit for bit, of the run that was never stopped.
 *
 * <p>A step that is evaluated is saved first, so that nothing that happens in an evaluation costs
 * steps. An evaluation that is due after the last checkpoint's step and is not in the log was never
 * finished, and is done when the run goes on; one that is in the log counts for the best.
 *
 * <p>In the output folder: {@code config.yaml} (as used), {@code log.jsonl}, {@code loss.png},
 * {@code lr.png} and {@code miou.png}, {@code checkpoints/}, the model folders {@code best/}
 * (highest mIoU so far; none while no evaluation had an mIoU) and {@code last/}, and {@code
 * run.lock}, which keeps other runs out. Where things are told apart PQ takes the place of mIoU.
 */
public final class Trainer implements AutoCloseable {
  private final TrainConfig config;
  private final LoopConfig loop;
  private final TrainListener listener;
  private final GradientSource.Opener opener;
  private final RunFolder output;
  private final Workers workers;
  private final Checkpoints checkpoints;
  private final ModelExport export;
  private volatile boolean stopRequested;

  private Learner learner;
  private ObjectNode inputs;
  private Evaluations evaluations;
  private long savedStep;

  /** A run on this machine that has not started. */
  public Trainer(TrainConfig config, TrainListener listener) {
    this(config, listener, LocalGradients::open);
  }

  /** A run that has not started, and where its batches are computed. */
  public Trainer(TrainConfig config, TrainListener listener, GradientSource.Opener opener) {
    this.config = config;
    this.opener = opener;
    this.loop = config.loop();
    this.listener = RunObservers.of(config, listener);
    this.output = new RunFolder(config.output());
    this.workers = new Workers(loop.threads());
    this.checkpoints = new Checkpoints(output.checkpoints(), loop.keep());
    this.export = new ModelExport(config.model(), exportedClasses(), config.data().preprocessing());
  }

  /** A network that was not taught to tell things apart must not say that it can. */
  private ClassTable exportedClasses() {
    ClassTable classes = config.data().classes();
    return config.data().task() == Task.SEMANTIC ? classes.withThings(List.of()) : classes;
  }

  /**
   * Ends the run after the step that it is in, with a checkpoint; an evaluation after the image
   * that it is at, to be done when the run goes on. May be called by any thread.
   */
  public void requestStop() {
    stopRequested = true;
  }

  /**
   * Trains.
   *
   * @param resume whether to go on after the last checkpoint; without one, it starts
   * @return whether the run is finished; not if it was asked to stop before
   * @throws TrainingException if the loss or the gradient is not finite
   * @throws IOException naming the file that cannot be read or written, and the checkpoint to go on
   *     from
   */
  public boolean run(boolean resume) throws IOException, TrainingException {
    Dataset validation = config.data().dataset(loop.evalSplit());
    Dataset images = config.data().dataset("train");
    if (resume && isFinished()) {
      return true;
    }
    validation.begin(config.data().onBadImage());
    if (checkpoints.steps().isEmpty()) {
      lookAtLabels(images, validation);
    }
    output.create();
    RunLock lock = RunLock.take(output.path(), listener::notice);
    try {
      return run(images, validation, resume);
    } finally {
      lock.close();
    }
  }

  private boolean run(Dataset images, Dataset validation, boolean resume)
      throws IOException, TrainingException {
    output.deleteTemporaries();
    checkpoints.deleteTemporaries();
    inputs = RunInputs.of(config, images, validation);
    evaluations = new Evaluations(config, validation, output, export, listener);
    long step = resume ? resume() : 0;
    if (step == 0) {
      start(resume);
    }
    if (stopRequested && step == 0) {
      listener.notice("stopped before the first step");
      return false;
    }
    listener.planned(
        new RunPlan(config, learner.trained(), images.size(), validation.size(), step));
    config.schedule().remark(loop.iterations()).ifPresent(listener::notice);
    writeConfig();
    try (TrainLog log = TrainLog.open(output.log(), step, listener::notice);
        GradientSource source =
            opener.open(
                new GradientSource.Run(
                    config, learner.pass(), inputs, step * loop.accumulate(), listener))) {
      listener.started(step, loop.iterations(), loop.imagesPerStep());
      return loop(source, log);
    }
  }

  /** Says so, too; nothing is written. */
  private boolean isFinished() throws IOException {
    List<Long> steps = checkpoints.steps();
    if (steps.isEmpty() || steps.getLast() < loop.iterations()) {
      return false;
    }
    long step = checkpoints.latest(_ -> {}).step();
    List<JsonNode> entries = TrainLog.read(output.log(), step, _ -> {});
    boolean finished =
        step >= loop.iterations()
            && !(evaluates(step) && TrainLog.evaluation(entries, step) == null)
            && output.isLast(step);
    if (finished) {
      listener.notice(
          output.path()
              + ": the run is finished, with "
              + step
              + " of "
              + loop.iterations()
              + " steps; for more, set train.iterations");
    }
    return finished;
  }

  private void start(boolean resume) throws IOException {
    if (!resume && !checkpoints.steps().isEmpty()) {
      throw new FormatException(
          output.path(),
          "already holds a run, at step "
              + checkpoints.steps().getLast()
              + "; go on with --resume, or choose another output");
    }
    learner = new Learner(config, workers);
    learner.start(listener::notice);
    if (resume) {
      listener.notice(output.path() + ": no checkpoint yet; starts at step 0");
    }
  }

  private void lookAtLabels(Dataset images, Dataset validation) throws IOException {
    int threads = config.data().threads();
    LabelSurvey.of(images, threads, config.data().onBadImage(), () -> stopRequested)
        .trainingWarnings()
        .forEach(listener::notice);
    LabelSurvey.of(validation, threads, config.data().onBadImage(), () -> stopRequested)
        .validationWarnings()
        .forEach(listener::notice);
  }

  private boolean evaluates(long step) {
    return step == loop.iterations() || loop.evalEvery() > 0 && step % loop.evalEvery() == 0;
  }

  private boolean loop(GradientSource source, TrainLog log) throws IOException, TrainingException {
    long first = learner.step();
    if (first > 0) {
      JsonNode done = TrainLog.evaluation(log.entries(), first);
      if (done != null) {
        evaluations.note(done, first);
      } else if (evaluates(first)) {
        evaluate(log);
      }
    }
    while (learner.step() < loop.iterations() && !stopRequested) {
      step(source, log);
      long step = learner.step();
      if (evaluates(step) || step % loop.checkpointEvery() == 0) {
        save(log);
      }
      if (evaluates(step)) {
        evaluate(log);
      }
    }
    long step = learner.step();
    if (step > savedStep) {
      save(log);
      evaluations.plot(log);
    }
    boolean evaluated = !evaluates(step) || TrainLog.evaluation(log.entries(), step) != null;
    if (step >= loop.iterations() && evaluated) {
      return true;
    }
    listener.notice(
        "stopped after step "
            + step
            + " of "
            + loop.iterations()
            + (evaluated ? "" : ", before its evaluation")
            + "; go on with --resume");
    return false;
  }

  private void step(GradientSource source, TrainLog log) throws IOException, TrainingException {
    long start = System.nanoTime();
    StepReport report;
    try {
      report = learner.step(source);
    } catch (IOException | RuntimeException e) {
      saveUnlessSaved(log, e);
      throw ends("step " + (learner.step() + 1), e);
    } catch (OutOfMemoryError e) {
      saveUnlessSaved(log, e);
      throw e;
    }
    if (!Double.isFinite(report.loss()) || !Double.isFinite(report.gradientNorm())) {
      throw TrainingException.notFinite(report, remaining());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    ObjectNode entry = TrainLog.entry(report, loop.imagesPerStep(), seconds, source.costs());
    log.tryAdd(entry, listener::notice);
    listener.step(report);
  }

  /** What there is to go on from, in words. */
  public String remaining() {
    return savedStep == 0
        ? "there is no checkpoint yet"
        : "the last checkpoint is that of step " + savedStep;
  }

  /** The error of a run that ends, with what it was doing and what remains of it. */
  private IOException ends(String doing, Exception cause) {
    String what = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new IOException(
        what
            + "; the run ends in "
            + doing
            + ", "
            + remaining()
            + (savedStep == 0 ? "" : "; go on with --resume"),
        cause);
  }

  /** Keeps the finished steps of a run that ends with an error, if they can be kept. */
  private void saveUnlessSaved(TrainLog log, Throwable error) {
    if (learner.step() == savedStep || !learner.isWhole()) {
      return;
    }
    try {
      save(log);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      error.addSuppressed(e);
    }
  }

  private void evaluate(TrainLog log) throws IOException {
    long step = learner.step();
    if (!stopRequested) {
      try {
        evaluations.run(step, learner.exported(), log, () -> stopRequested);
      } catch (IOException | RuntimeException e) {
        throw ends("the evaluation after step " + step, e);
      }
    }
    evaluations.plot(log);
  }

  private void save(TrainLog log) throws IOException {
    long step = learner.step();
    try {
      checkpoints.save(
          learner.state(config.tree(), inputs, evaluations.bestQuality(), evaluations.bestStep()));
      savedStep = step;
      exportLast();
      if (Files.notExists(output.config())) {
        writeConfig();
      }
      log.repair();
    } catch (IOException e) {
      throw new IOException(
          e.getMessage() + "; the run ends after step " + step + ", " + remaining(), e);
    }
  }

  private void exportLast() throws IOException {
    export.write(
        output.last(), learner.exported(), Map.of(RunFolder.STEP, Long.toString(learner.step())));
  }

  private void writeConfig() throws IOException {
    AtomicFile.write(output.config(), ConfigTree.write(config.tree()));
  }

  /** The step after which the run goes on; 0 if there is no checkpoint. */
  private long resume() throws IOException {
    TrainingState state = checkpoints.latest(listener::notice);
    if (state == null) {
      return 0;
    }
    Path file = checkpoints.file(state.step());
    if (RunInputs.task(state.inputs()) != config.data().task()) {
      throw new FormatException(
          file,
          "is of a run with task "
              + Ranges.word(RunInputs.task(state.inputs()))
              + ", not "
              + Ranges.word(config.data().task())
              + "; choose another output");
    }
    Quality before = RunInputs.quality(state.inputs());
    if (before != Quality.of(config.data())) {
      throw new FormatException(
          file,
          "is of a run whose best model is told by "
              + before.title()
              + ", not "
              + Quality.of(config.data()).title()
              + "; choose another output");
    }
    learner = new Learner(config, workers);
    try {
      learner.restore(state);
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, "does not fit " + config.file() + ": " + e.getMessage(), e);
    }
    evaluations.restore(state.bestQuality(), state.bestStep());
    savedStep = state.step();
    List<String> changed = config.changedSince(state.config());
    if (!changed.isEmpty()) {
      listener.notice("not as before: " + String.join(", ", changed));
    }
    RunInputs.changes(state.inputs(), inputs).forEach(listener::notice);
    listener.notice("goes on after step " + state.step() + " (" + file + ")");
    if (!output.isLast(state.step())) {
      exportLast();
    }
    return state.step();
  }

  /** The weights as they are now, by name; averaged ones where an average is kept. */
  public Map<String, Tensor> weights() {
    return learner.exported();
  }

  @Override
  public void close() {
    workers.close();
  }
}
